/** How a contest is written in the browser, step by step; shared by the stories that publish one. */
import { expect } from 'vitest'
import type { Visitor } from './harness'
import { say } from './words'

/** The moment a date picker takes: the installation's time. */
function moment(at: Date): string {
  const local = new Date(at.getTime() + 8 * 3_600_000).toISOString()
  return local.slice(0, 10) + ' ' + local.slice(11, 16)
}

async function pick(visitor: Visitor, label: string, at: Date) {
  const field = visitor.page.getByLabel(label, { exact: true })
  await field.fill(moment(at))
  await field.press('Enter')
  await expect.poll(() => field.inputValue()).toBe(moment(at))
}

/** To the step with this name. */
export const forward = (visitor: Visitor, step: string) => visitor.button(say('wizard.next', { step: say('wizard.step.' + step) })).click()

/** A name and a preset. */
export async function rules(visitor: Visitor, title: string) {
  await visitor.goto('/desk/contests')
  await visitor.page.getByText(say('contest.new'), { exact: true }).first().click()
  await visitor.page.locator('#contest-title').fill(title)
  await visitor.page.locator('label.card').filter({ hasText: say('wizard.presets.open_practice.name') }).click()
  await forward(visitor, 'blueprint')
  await visitor.page.waitForURL(/\/edit/)
}

/** Open from now on, for the people named; one name of the list is nobody's. */
export async function timesAndPeople(visitor: Visitor, names: string) {
  // A door that has just opened, so that the contest opens at once.
  await pick(visitor, say('wizard.times.opens'), new Date(Date.now() - 60_000))
  await pick(visitor, say('wizard.times.closes'), new Date(Date.now() + 3 * 3_600_000))
  await forward(visitor, 'people')
  await visitor.page.getByText(say('wizard.people.named'), { exact: true }).click()
  await visitor.button(new RegExp(say('wizard.named.paste'))).click()
  await visitor.page.locator('#paste').fill(names)
  await visitor.button(say('wizard.named.match')).click()
  await visitor.sees(say('wizard.named.result', { found: 2, ambiguous: 0, missing: 1 }))
  await visitor.sees(say('wizard.named.missing', { list: '查无此人' }))
  await visitor.page.locator('.paste').getByRole('button', { name: say('core.close') }).click()
  await visitor.sees(say('wizard.named.count', { n: 2 }))
  await forward(visitor, 'check')
}
