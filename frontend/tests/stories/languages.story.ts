/** The same pages in each language: no key shows through, and what the page says is in that language. */
import { expect, test } from 'vitest'
import { password } from './county'
import { desk, phone, Visitor } from './harness'
import { makeThings } from './occasion'
import { places, settle, type Things } from './pages'
import { tell, type Story } from './story'
import type { Lang } from './words'

const shown = ['home', 'intro', 'result', 'review', 'records', 'board', 'me', 'desk-contests', 'wizard-blueprint', 'wizard-check', 'monitor', 'questions', 'question-import', 'ranking', 'ranking-unit', 'people', 'people-import', 'units', 'roles', 'audit', 'today-admin']

/** A key that had no words: two or more parts joined by dots, beginning with an area. */
const key = /\b(core|desk|learn|bank|editor|import|contest|wizard|monitor|rule|quiz|ranking|people|peopleImport|units|roles|audit|today)\.[a-z]\w*(\.\w+)*\b/g

/** Words of the interface that differ between the two scripts; an interface in one must not carry the other. */
const simplified = /单位|竞赛|导入|题目|设置|审计|导航|开始|记录|还有/

async function tour(story: Story, things: Things, lang: Lang): Promise<string[]> {
  const found: string[] = []
  for (const size of ['phone', 'desk'] as const) {
    const list = places.filter((place) => shown.includes(place.name) && place.size === size)
    for (const as of new Set(list.map((place) => place.as))) {
      const visitor = await Visitor.open(story.browser, story.county, { viewport: size === 'phone' ? phone : desk, lang })
      await signIn(visitor, as!)
      for (const place of list.filter((one) => one.as === as)) {
        await visitor.goto(place.path(things))
        await settle(visitor)
        const text = await visitor.page.locator('body').innerText()
        const labels = await visitor.page.evaluate(() => [...document.querySelectorAll('[aria-label], [placeholder], [title]')].map((one) => ['aria-label', 'placeholder', 'title'].map((name) => one.getAttribute(name) ?? '').join(' ')).join('\n'))
        for (const [name] of (text + labels).matchAll(key)) found.push(`${lang} ${place.name}: ${name}`)
        for (const [name] of (text + labels).matchAll(/\{[a-z]\w*\}/g)) found.push(`${lang} ${place.name}: unfilled ${name}`)
        const fixed = (await visitor.page.locator('.side nav a, .tabs a, th, dt').allInnerTexts()).join('\n')
        if (lang === 'zh-TW' && simplified.test(fixed)) found.push(`${lang} ${place.name}: ${simplified.exec(fixed)![0]}`)
        expect(await visitor.page.evaluate(() => document.documentElement.lang)).toBe(lang)
        const over = await visitor.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
        if (over > 0) found.push(`${lang} ${place.name}: ${over} px wider than the screen`)
      }
      found.push(...visitor.faults.map((fault) => `${lang}: ${fault}`))
      await visitor.close()
    }
  }
  return found
}

/** The words of the sign-in page are in the language, so it is found by its fields. */
async function signIn(visitor: Visitor, username: string) {
  await visitor.goto('/sign-in')
  await visitor.page.locator('#username').fill(username)
  await visitor.page.locator('#password').fill(password)
  await visitor.page.locator('button[type="submit"]').click()
  await visitor.page.waitForURL((url) => url.pathname !== '/sign-in')
}

test('three languages, none of them with holes', () =>
  tell(async (story) => {
    const things = await makeThings(story.county)
    const found = [...(await tour(story, things, 'zh-TW')), ...(await tour(story, things, 'en'))]
    expect(found).toEqual([])
  }), 900_000)

test('the language changes where one is', () =>
  tell(async (story) => {
    const visitor = await story.visitor({ viewport: phone })
    await story.step('on the sign-in page', async () => {
      await visitor.goto('/sign-in')
      await visitor.button('English').click()
      await visitor.sees('Sign in')
      await visitor.button('繁體中文').click()
      await visitor.sees('登入')
      await visitor.page.reload()
      await visitor.sees('登入')
    })
  }))
