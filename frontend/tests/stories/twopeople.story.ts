/** Two people: what one proposes, another puts in force; nobody approves their own. */
import { expect, test } from 'vitest'
import type { Visitor } from './harness'
import { forward, rules, timesAndPeople } from './organising'
import { settle } from './pages'
import { tell, type Story } from './story'
import { like, say } from './words'

interface Contest {
  id: number
  state: string
}

async function raise(admin: Visitor) {
  await admin.signIn('admin')
  await admin.goto('/desk/roles?tab=mode')
  await settle(admin)
  await admin.button(say('roles.mode.raise')).click()
  const dialog = admin.page.getByRole('dialog', { name: say('roles.mode.title') })
  const go = dialog.getByRole('button', { name: say('roles.mode.raise'), exact: true })
  expect(await go.isDisabled()).toBe(true)
  await dialog.locator('#mode-word').fill(say('roles.mode.word'))
  await go.click()
  await dialog.waitFor({ state: 'hidden' })
  await admin.page.locator('.side').getByText(say('core.mode.short.two_person')).first().waitFor()
}

async function propose(story: Story, trainer: Visitor): Promise<number> {
  await trainer.signIn('trainer')
  await rules(trainer, '双人模式竞赛')
  const count = trainer.page.getByLabel(say('wizard.blueprint.countOf', { row: 1 }))
  await count.fill('5')
  await count.press('Tab')
  await trainer.sees(say('wizard.rail.check.met'))
  await forward(trainer, 'times')
  const unitOf = async (as: string) => (await story.read<{ person: { unit: { name: string } } }>(as, '/api/v1/me')).person.unit.name
  await timesAndPeople(trainer, `林书瑶 ${await unitOf('learner')}\n冯静怡 ${await unitOf('unit01')}\n查无此人`)
  await trainer.sees(say('wizard.check.two'))
  await trainer.button(say('wizard.propose')).click()
  await trainer.page.waitForURL(/\/desk\/contests\/\d+$/)
  await trainer.sees(say('core.state.contest.proposed'))
  expect(await trainer.button(say('contest.act.approve.name')).count()).toBe(0)
  return Number(/contests\/(\d+)/.exec(trainer.page.url())![1])
}

async function approve(reviewer: Visitor, contest: number) {
  await reviewer.signIn('reviewer')
  await reviewer.goto(`/desk/contests/${contest}`)
  await reviewer.button(say('contest.act.approve.name')).click()
  await reviewer.page.getByRole('dialog').getByRole('button', { name: say('contest.act.approve.do'), exact: true }).click()
  await reviewer.page.getByRole('dialog').waitFor({ state: 'hidden' })
}

/** Somebody who has handed in, voided by one person: nothing happens until another agrees. */
async function proposeVoiding(invigilator: Visitor, contest: number): Promise<string> {
  await invigilator.goto(`/desk/contests/${contest}/monitor?state=submitted`)
  const row = invigilator.page.locator('section.names tbody tr').first()
  await row.getByRole('button').first().click()
  const card = invigilator.page.locator('article.card')
  const name = (await card.locator('h3').innerText()).trim()
  await card.getByRole('button', { name: say('monitor.act.voiding.name'), exact: true }).click()
  const dialog = invigilator.page.getByRole('dialog')
  await dialog.getByLabel(say('core.reason.label')).fill('监考记录：他人代答')
  await dialog.getByRole('button', { name: say('monitor.act.voiding.name'), exact: true }).click()
  await card.getByText(say('monitor.told.proposed')).waitFor()
  return name
}

async function decide(reviewer: Visitor, contest: number, name: string) {
  await reviewer.goto(`/desk/contests/${contest}`)
  await reviewer.sees(like('contest.pending.lead'))
  const act = reviewer.page.locator('section.pending li').filter({ hasText: say('contest.pending.void', { name }) })
  await act.getByText('监考记录：他人代答').waitFor()
  await act.getByRole('button', { name: say('contest.pending.approve'), exact: true }).click()
  const dialog = reviewer.page.getByRole('dialog')
  await dialog.getByLabel(say('core.reason.label')).fill('与监控录像相符')
  await dialog.getByRole('button', { name: say('contest.pending.approve'), exact: true }).click()
  await act.waitFor({ state: 'detached' })
}

async function twoPeopleStory(story: Story) {
  const admin = await story.visitor()
  const trainer = await story.visitor()
  const reviewer = await story.visitor()
  const stateOf = async (contest: number) => (await story.read<Contest>('trainer', `/api/v1/contests/${contest}`)).state
  const voided = async (contest: number) => (await story.read<{ items: { state: string; person: { name: string } }[] }>('trainer', `/api/v1/contests/${contest}/monitor/people?state=voided`)).items.map((one) => one.person.name)
  await story.step('the administrator raises the mode', () => raise(admin))
  const contest = await story.step('the trainer proposes a contest and cannot approve it', () => propose(story, trainer))
  expect(await stateOf(contest)).toBe('proposed')
  await story.step('the reviewer approves it', () => approve(reviewer, contest))
  await expect.poll(() => stateOf(contest), { timeout: 60_000 }).toMatch(/scheduled|open/)
  const running = (await story.read<{ items: Contest[] }>('trainer', '/api/v1/contests?state=open')).items.find((one) => one.id !== contest)!.id
  const before = await voided(running)
  const name = await story.step('the trainer would void a paper', () => proposeVoiding(trainer, running))
  expect(await voided(running)).toEqual(before)
  await story.step('the reviewer agrees, and it is void', () => decide(reviewer, running, name))
  expect(await voided(running)).toContain(name)
}

test('what one proposes, another puts in force', () => tell(twoPeopleStory), 900_000)
