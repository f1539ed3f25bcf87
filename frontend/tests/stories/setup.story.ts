/** A new installation: the link from the terminal, the first account, the empty site. */
import { rmSync } from 'node:fs'
import { expect, test } from 'vitest'
import { violationsInBoth } from './axe'
import { makeFolder, serve } from './county'
import { desk, openBrowser, step, Visitor } from './harness'
import { settle } from './pages'
import { misfits } from './reflow'
import { say } from './words'

const secret = '一句足够长的话，只给站长一个人用来做密码'

test('the first start leads to a site of one’s own', async () => {
  const folder = makeFolder()
  const program = await serve(folder)
  const browser = await openBrowser()
  try {
    await expect.poll(() => program.output()).toMatch(/\/setup#token=\S+/)
    const link = /(\/setup#token=\S+)/.exec(program.output())![1]
    const owner = await Visitor.open(browser, program)
    await step('every page leads to the set-up first', [owner], async () => {
      await owner.goto('/')
      await owner.page.waitForURL(/\/setup/)
    })
    await step('the link carries the token', [owner], async () => {
      await owner.goto(link)
      await owner.page.reload()
      expect(await owner.page.locator('#token').inputValue()).not.toBe('')
    })
    await step('axe finds nothing on it, and it fits the narrowest screen', [owner], async () => {
      expect(await violationsInBoth(owner)).toEqual([])
      await owner.page.setViewportSize({ width: 320, height: 640 })
      expect(await misfits(owner)).toEqual([])
      await owner.page.setViewportSize(desk)
    })
    await step('sets up', [owner], async () => {
      await owner.page.locator('#site').fill('云溪县国家保密局')
      await owner.page.locator('#name').fill('黎望舒')
      await owner.page.locator('#user').fill('liwangshu')
      await owner.page.locator('#new-password').fill(secret)
      await owner.page.locator('#again').fill(secret)
      await owner.button(say('learn.setup.act')).click()
      await owner.page.waitForURL(/\/desk/)
      await settle(owner)
      await owner.sees('云溪县国家保密局')
    })
    await step('signs in again; the link is spent', [owner], async () => {
      const again = await Visitor.open(browser, program)
      await again.goto(link)
      await again.page.waitForURL(/\/sign-in/)
      await again.signIn('liwangshu', secret)
      await again.page.waitForURL(/\/desk/)
      again.check()
      await again.close()
    })
  } finally {
    await browser.close()
    await program.stop()
    rmSync(folder, { recursive: true, force: true })
  }
})
