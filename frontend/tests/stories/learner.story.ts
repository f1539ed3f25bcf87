/** The learner's story: a paper on a phone, through a dead network and onto a second device, and nothing is lost. */
import { expect, test } from 'vitest'
import { phone, type Look, type Visitor } from './harness'
import { attemptId, badge, begin, boxOf, choose, compare, goTo, handIn, next, questionCount, storedBadge, type AttemptView } from './learner'
import { password } from './county'
import { settle } from './pages'
import { tell, type Story } from './story'
import { like, say } from './words'

type Box = NonNullable<Awaited<ReturnType<typeof boxOf>>>

/** What the device holds as acknowledged. */
const acknowledged = (box: Box) => new Map(box.answers.filter((one) => one.ackedSeq === one.seq).map((one) => [one.slot, one]))

async function answerOnline(visitor: Visitor) {
  const seen: string[] = []
  let release: () => void = () => undefined
  const gate = new Promise<void>((resolve) => (release = resolve))
  await visitor.page.route('**/answers', async (route) => {
    // While the answer is on its way the badge may say so, and nothing more.
    await gate
    await route.continue()
  })
  await choose(visitor, 0)
  seen.push((await badge(visitor).innerText()).trim())
  await badge(visitor).filter({ hasText: say('core.save.busy') }).waitFor()
  seen.push(say('core.save.busy'))
  await visitor.page.waitForTimeout(1500)
  expect((await badge(visitor).innerText()).trim()).toBe(say('core.save.busy'))
  const [answer] = await Promise.all([visitor.page.waitForResponse((one) => one.url().endsWith('/answers')), release()])
  expect(answer.status()).toBe(200)
  await storedBadge(visitor)
  seen.push(say('core.save.done'))
  await visitor.page.unroute('**/answers')
  expect(seen).toEqual([say('core.save.none'), say('core.save.busy'), say('core.save.done')])
}

async function cutTheNetwork(story: Story, visitor: Visitor, id: number) {
  const cut = Date.now()
  await visitor.setOffline(true)
  for (const n of [4, 5, 6]) {
    await goTo(visitor, n)
    await choose(visitor, 1)
    await badge(visitor).filter({ hasText: say('core.save.none') }).waitFor()
  }
  await visitor.sees(say('learn.banner.offline.title'))
  const box = (await boxOf(visitor, id))!
  expect(box.answers.filter((one) => one.ackedSeq < one.seq).length).toBe(3)
  await visitor.page.waitForTimeout(Math.max(0, 30_000 - (Date.now() - cut)))
  expect((await badge(visitor).innerText()).trim()).toBe(say('core.save.none'))
  const stored = await story.read<AttemptView>('learner', `/api/v1/attempts/${id}`)
  expect(stored.answers.map((one) => one.slot)).not.toEqual(expect.arrayContaining(box.answers.map((one) => one.slot)))
}

/** A reload with no network shows no page; with the network back the queue is still there and goes out by itself. */
async function reloadWithAQueue(visitor: Visitor, id: number) {
  await visitor.page.reload().catch(() => undefined)
  await visitor.setOffline(false)
  await visitor.page.goto(visitor.origin + `/attempts/${id}?q=6`)
  await visitor.page.locator('.question').waitFor()
  visitor.forgiveNetwork()
  await storedBadge(visitor)
  await expect.poll(async () => (await boxOf(visitor, id))!.answers.filter((one) => one.ackedSeq < one.seq).length, { timeout: 60_000 }).toBe(0)
}

async function secondDevice(story: Story, first: Visitor, id: number): Promise<Visitor> {
  // The first device changes an answer it cannot send any more.
  await first.setOffline(true)
  await goTo(first, 7)
  await choose(first, 2)
  await badge(first).filter({ hasText: say('core.save.none') }).waitFor()
  const second = await story.visitor()
  await second.signIn('learner')
  await second.link(say('learn.home.goOn')).click()
  await second.sees(say('learn.takeover.title'))
  await second.button(say('learn.takeover.act')).click()
  await second.page.locator('.question').waitFor()
  await goTo(second, 8)
  await choose(second, 0)
  await storedBadge(second)
  // The old one comes back, is told, and keeps what was not stored for its owner to see.
  first.allow(409, /\/answers$/)
  await first.setOffline(false)
  await first.sees(say('learn.takeover.lostTitle'))
  await first.sees(say('learn.takeover.unsynced', { n: 1 }))
  await first.sees(say('learn.attempt.questionN', { n: 7 }))
  first.forgiveNetwork()
  expect((await boxOf(first, id))!.answers.filter((one) => one.ackedSeq < one.seq).length).toBe(1)
  return second
}

async function learnerStory(story: Story, insecure: boolean) {
  const first = await story.visitor()
  await story.step('the learner signs in', async () => {
    await first.signIn('learner')
    expect(await first.page.evaluate(() => isSecureContext)).toBe(!insecure)
    await first.sees(like('learn.home.untilClose'))
  })
  await story.step('starts the one thing due now', () => begin(first))
  const id = attemptId(first)
  const count = await questionCount(first)
  expect(count).toBe(20)
  await story.step('an answer is 未存, 保存中, and 已入库 only after the server said so', () => answerOnline(first))
  await story.step('answers two more', async () => {
    for (const n of [2, 3]) {
      await next(first)
      await choose(first, n)
      await storedBadge(first)
    }
  })
  await story.step('goes on through 30 s without a network', () => cutTheNetwork(story, first, id))
  await story.step('reloads with answers waiting, and they arrive', () => reloadWithAQueue(first, id))
  const second = await story.step('takes over on a second device', () => secondDevice(story, first, id))
  await story.step('what was shown as stored is with the server', async () => {
    const view = await story.read<AttemptView>('learner', `/api/v1/attempts/${id}`)
    compare(view, acknowledged((await boxOf(first, id))!))
    compare(view, acknowledged((await boxOf(second, id))!))
  })
  await story.step('answers the rest and hands in', async () => {
    for (const n of [7, ...Array.from({ length: count - 8 }, (_, at) => at + 9)]) {
      await goTo(second, n)
      await choose(second, n)
      await storedBadge(second)
    }
    const shown = acknowledged((await boxOf(second, id))!)
    expect(shown.size).toBe(count)
    await handIn(second)
    compare(await story.read<AttemptView>('learner', `/api/v1/attempts/${id}`), shown)
  })
  await story.step('sees the score, the receipts and the record', async () => {
    const read = () => story.read<AttemptView>('learner', `/api/v1/attempts/${id}`)
    await expect.poll(async () => (await read()).state, { timeout: 60_000 }).toBe('graded')
    const view = await read()
    await second.page.locator('.sc b').filter({ hasText: new RegExp(`^${view.score! / 100}$`) }).waitFor()
    await second.button(say('learn.result.seeReceipts')).click()
    expect(await second.page.locator('.rlist li').count()).toBe(count)
    await second.button(say('core.close')).click()
    await second.goto('/records')
    await second.page.locator(`a[href="/attempts/${id}/result"]`).waitFor()
  })
}

async function reviewStory(story: Story) {
  const visitor = await story.visitor()
  await story.step('reads the finished contest with its articles', async () => {
    await visitor.signIn('learner')
    await visitor.goto('/records')
    await visitor.page.locator('a[href$="/result"]').last().click()
    await visitor.page.locator('.sc').waitFor()
    await visitor.link(say('learn.result.allQuestions')).click()
    await settle(visitor)
    const law = visitor.page.locator('article.rv').filter({ hasText: /《|第.+条/ })
    expect(await law.count()).toBeGreaterThan(0)
    expect(await visitor.page.locator('article.rv').count()).toBeGreaterThan(10)
    await visitor.button(say('learn.review.onlyWrong')).click()
    expect(visitor.page.url()).toContain('only=wrong')
  })
  await story.step('sees the unit board', async () => {
    await visitor.goto('/board')
    await visitor.page.locator('a[href^="/contests/"][href$="/board"]').first().click()
    await visitor.sees(say('learn.board.formula'))
  })
}

const onPhone: Look = { viewport: phone }

test('a learner never loses an answer', () => tell((story) => learnerStory(story, false), onPhone), 900_000)

test('so it is over plain HTTP by name', () => tell((story) => learnerStory(story, true), { ...onPhone, host: 'jingzhong.test', flags: ['--host-resolver-rules=MAP jingzhong.test 127.0.0.1'] }), 900_000)

test('a learner reads the finished contest', () => tell(reviewStory, onPhone))

test('a slip of paper opens an account', () =>
  tell(async (story) => {
    const [slip] = story.slips()
    const visitor = await story.visitor()
    await story.step('activates with the code', async () => {
      await visitor.goto('/sign-in')
      await visitor.link(say('learn.signIn.first')).click()
      await visitor.page.locator('#code').fill(slip.code)
      await visitor.page.locator('#new-password').fill(password)
      await visitor.page.locator('#again').fill(password + '!')
      await visitor.button(say('learn.activate.act')).click()
      await visitor.sees(say('learn.password.differ'))
      await visitor.page.locator('#again').fill(password)
      await visitor.button(say('learn.activate.act')).click()
      await visitor.page.waitForURL((url) => url.pathname === '/')
      await visitor.sees(new RegExp(slip.name))
    })
    await story.step('signs out, and in again by name and password', async () => {
      await visitor.goto('/me')
      await visitor.button(say('core.signOut')).click()
      await visitor.page.waitForURL(/\/sign-in/)
      await visitor.signIn(slip.username)
      await visitor.sees(new RegExp(slip.name))
    })
    await story.step('the code opens nothing twice', async () => {
      const other = await story.visitor()
      other.allow(410, /\/activations$/)
      other.allow(401, /\/activations$/)
      other.allow(404, /\/activations$/)
      other.allow(422, /\/activations$/)
      await other.goto('/activate#code=' + slip.code)
      await other.page.locator('#new-password').fill(password)
      await other.page.locator('#again').fill(password)
      await other.button(say('learn.activate.act')).click()
      await other.page.getByRole('alert').waitFor()
    })
  }, onPhone))
