/** The trainer's story: questions from Excel, a contest in five steps, the monitor while it runs, the results. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { phone, type Visitor } from './harness'
import { attemptId, choose, handIn, storedBadge } from './learner'
import { questionRows } from './occasion'
import { forward, rules, timesAndPeople } from './organising'
import { settle } from './pages'
import { tell, type Story } from './story'
import { like, say } from './words'
import { readWorkbook, writeWorkbook } from './workbook'

const title = '保密宣传月竞赛'

async function importQuestions(visitor: Visitor) {
  await visitor.goto('/desk/question-imports')
  await visitor.sees(say('core.boundary'))
  await visitor.page.locator('input[type="file"]').setInputFiles({ name: '宣传月题目.xlsx', mimeType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', buffer: writeWorkbook(questionRows) })
  await visitor.sees(say('import.say.errors', { ready: 2, errors: 1 }))
  const mend = visitor.button(say('import.mendFirst', { n: 1 }))
  await mend.click()
  const row = visitor.page.locator('li.row.error')
  await row.locator('.bad').first().waitFor()
  await row.getByRole('button', { name: new RegExp('^' + say('import.row.edit')) }).click()
  await row.getByLabel(say('import.field.answer'), { exact: true }).fill('A')
  await visitor.button(say('import.row.save'), row).click()
  await visitor.button(say('import.apply', { n: 3 })).click()
  await visitor.sees(say('import.done', { n: 3 }))
}

async function blueprint(visitor: Visitor) {
  const counts = visitor.page.getByLabel(say('wizard.blueprint.countOf', { row: 1 }))
  await counts.waitFor()
  // One topic alone cannot give so many.
  await visitor.page.locator('tr#row-0').getByRole('button', { name: new RegExp('^' + say('wizard.blueprint.topic')) }).click()
  const topics = visitor.page.getByRole('group', { name: say('wizard.blueprint.topic') })
  await topics.locator('label').filter({ hasText: '监督管理' }).locator('input').check()
  await visitor.page.keyboard.press('Escape')
  await counts.fill('180')
  await counts.press('Tab')
  // The proof names the row that cannot be met, and offers three ways out.
  await visitor.page.locator('tr#row-0.bad').waitFor()
  await visitor.sees(like('wizard.blueprint.short'))
  const ways = visitor.page.locator('.ways')
  expect(await ways.locator('li').count()).toBe(3)
  await ways.locator('li').nth(1).getByRole('button').click()
  await ways.waitFor({ state: 'detached' })
  expect(Number(await counts.inputValue())).toBeLessThan(180)
  await visitor.sees(say('wizard.rail.check.met'))
  // A paper one can answer in a story.
  await counts.fill('5')
  await counts.press('Tab')
  await visitor.sees(say('wizard.rail.check.met'))
  await forward(visitor, 'times')
}

async function publish(visitor: Visitor): Promise<number> {
  await visitor.sees(say('wizard.check.alone'))
  await visitor.sees(say('wizard.rail.check.met'))
  await visitor.button(say('wizard.publish')).click()
  await visitor.page.waitForURL(/\/desk\/contests\/\d+$/)
  await visitor.sees(say('contest.selfChecked'))
  return Number(/contests\/(\d+)/.exec(visitor.page.url())![1])
}

/** `?` lists the keys of the page on screen; switched off, single keys rest and the list is reached by its button. */
async function keys(visitor: Visitor) {
  await settle(visitor)
  const list = visitor.page.getByRole('dialog', { name: say('keys.title') })
  await visitor.page.keyboard.press('?')
  await list.getByText(say('keys.extend')).waitFor()
  await list.getByText(say('keys.single'), { exact: true }).click()
  await visitor.page.keyboard.press('Escape')
  await list.waitFor({ state: 'hidden' })
  await visitor.page.keyboard.press('n')
  await visitor.page.waitForTimeout(300)
  expect(await visitor.page.getByLabel(say('core.reason.label')).count()).toBe(0)
  await visitor.button(say('keys.title')).click()
  await list.getByText(say('keys.single'), { exact: true }).click()
  await visitor.page.keyboard.press('Escape')
  await list.waitFor({ state: 'hidden' })
  await visitor.page.keyboard.press('n')
  await visitor.page.getByLabel(say('core.reason.label')).waitFor()
  await visitor.page.keyboard.press('Escape')
  await visitor.page.getByLabel(say('core.reason.label')).waitFor({ state: 'hidden' })
}

async function watch(story: Story, trainer: Visitor, learner: Visitor, contest: number) {
  await story.step('opens the monitor', async () => {
    await trainer.goto(`/desk/contests/${contest}/monitor`)
    await trainer.sees(say('monitor.live'))
    await trainer.page.getByText(say('monitor.state.not_started')).first().waitFor()
  })
  await story.step('works the monitor by its keys', () => keys(trainer))
  await story.step('sees the learner start', async () => {
    await learner.goto(`/contests/${contest}`)
    await learner.button(say('learn.intro.begin')).click()
    await learner.page.waitForURL(/\/attempts\/\d+/)
    await learner.page.locator('.question').waitFor()
    await choose(learner)
    await storedBadge(learner)
    await trainer.page.locator('tbody .state.in_progress').first().waitFor()
  })
  const id = attemptId(learner)
  await story.step('gives five minutes more, and the learner has them', async () => {
    const before = Date.parse((await story.read<{ deadlineAt: string }>('learner', `/api/v1/attempts/${id}`)).deadlineAt)
    await trainer.page.locator('tbody tr').filter({ hasText: '林书瑶' }).getByRole('button').first().click()
    await trainer.button(say('monitor.extend.person')).click()
    await trainer.button(say('quiz.count.minutes', { n: 5 })).click()
    await trainer.page.getByLabel(say('core.reason.label')).fill('设备调换')
    await trainer.button(say('monitor.extend.do', { n: 5 })).click()
    await trainer.sees(say('monitor.extend.done', { n: 1, minutes: 5 }))
    await trainer.page.getByRole('dialog').getByRole('button', { name: say('core.close'), exact: true }).last().click()
    const after = Date.parse((await story.read<{ deadlineAt: string }>('learner', `/api/v1/attempts/${id}`)).deadlineAt)
    expect(after - before).toBe(5 * 60_000)
  })
  await story.step('sees it handed in', async () => {
    for (let n = 2; n <= 5; n++) {
      await learner.button(say('learn.attempt.next')).click()
      await choose(learner, n)
      await storedBadge(learner)
    }
    await handIn(learner)
    await trainer.page.locator('tbody .state.submitted').first().waitFor()
  })
}

async function results(trainer: Visitor, contest: number) {
  await trainer.goto(`/desk/contests/${contest}?tab=results`)
  await trainer.page.locator('table.plain tbody tr').filter({ hasText: '林书瑶' }).waitFor()
  const file = await trainer.download(async () => {
    await trainer.button(new RegExp(say('contest.results.export'))).click()
  })
  expect(path.extname(file.name)).toBe('.xlsx')
  const sheets = [...readWorkbook(readFileSync(file.path)).values()]
  expect(sheets.some((rows) => rows.some((row) => row.includes('林书瑶')))).toBe(true)
}

async function trainerStory(story: Story, insecure: boolean) {
  const trainer = await story.visitor()
  const person = await story.read<{ person: { unit: { name: string } } }>('unit01', '/api/v1/me')
  await story.step('the trainer signs in to the desk', async () => {
    await trainer.signIn('trainer')
    expect(await trainer.page.evaluate(() => isSecureContext)).toBe(!insecure)
    await trainer.page.waitForURL(/\/desk/)
    await settle(trainer)
  })
  await story.step('imports questions, mending a row in place', () => importQuestions(trainer))
  await story.step('starts a contest from a preset', () => rules(trainer, title))
  await story.step('meets a row that cannot be met, and takes a way out', () => blueprint(trainer))
  const learnerUnit = (await story.read<{ person: { unit: { name: string } } }>('learner', '/api/v1/me')).person.unit.name
  await story.step('sets the times and names the people', () => timesAndPeople(trainer, `林书瑶 ${learnerUnit}\n冯静怡 ${person.person.unit.name}\n查无此人`))
  const contest = await story.step('publishes, checked by oneself', () => publish(trainer))
  await story.step('it opens', async () => {
    await expect.poll(async () => (await story.read<{ state: string }>('trainer', `/api/v1/contests/${contest}`)).state, { timeout: 60_000 }).toBe('open')
  })
  const learner = await story.visitor({ viewport: phone })
  await learner.signIn('learner')
  await watch(story, trainer, learner, contest)
  await story.step('reads the results and exports them', () => results(trainer, contest))
}

test('a trainer runs a contest', () => tell((story) => trainerStory(story, false)), 900_000)

test('so it is over plain HTTP by name', () => tell((story) => trainerStory(story, true), { host: 'jingzhong.test', flags: ['--host-resolver-rules=MAP jingzhong.test 127.0.0.1'] }), 900_000)
