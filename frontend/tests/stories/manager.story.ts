/** The manager's story: where units stand and why, who is missing, sums that add up, a workbook to hand on. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Visitor } from './harness'
import { settle } from './pages'
import { tell, type Story } from './story'
import { like, say } from './words'
import { readWorkbook } from './workbook'

interface UnitRow {
  unit: { id: number; name: string }
  rank: number | null
  expected: number
  participants: number
  missing: number
  score: number
}

const openContest = async (story: Story) => (await story.read<{ items: { id: number; title: string }[] }>('manager', '/api/v1/contests?state=open')).items[0]
const rowsOf = (story: Story, contest: number, as = 'manager') => story.read<{ items: UnitRow[] }>(as, `/api/v1/contests/${contest}/rankings/units`).then((board) => board.items)

const numbers = (texts: string[]) => texts.map((text) => Number(text.replace(/[^\d.]/g, '')))

/** Each column of figures equals the total in the table's foot. */
async function addsUp(visitor: Visitor) {
  const table = visitor.page.locator('table.sums')
  const columns = [1, 2, 3, 4, 6, 7, 8]
  const body = await table.locator('tbody tr').all()
  const cells = await Promise.all(body.map(async (row) => numbers(await row.locator('td').allInnerTexts())))
  const total = numbers(await table.locator('tfoot th, tfoot td').allInnerTexts())
  for (const column of columns) {
    const sum = cells.reduce((all, row) => all + Math.round(row[column] * 100), 0)
    expect(sum, `column ${column}`).toBe(Math.round(total[column] * 100))
  }
}

async function managerStory(story: Story) {
  const manager = await story.visitor()
  const contest = await openContest(story)
  const rows = await rowsOf(story, contest.id)
  const behind = rows.filter((row) => row.rank !== null).reduce((most, row) => (row.missing > most.missing ? row : most))
  await story.step('the manager signs in and opens the board', async () => {
    await manager.signIn('manager')
    await manager.page.waitForURL(/\/desk/)
    await manager.page.getByRole('navigation', { name: say('core.nav') }).getByRole('link', { name: say('desk.nav.rankings') }).click()
    await manager.page.waitForURL(/\/desk\/rankings\/\d+/)
    await settle(manager)
    await manager.sees(contest.title)
  })
  await story.step('asks why a unit stands where it stands', async () => {
    await manager.goto(`/desk/rankings/${contest.id}?unit=${behind.unit.id}`)
    const why = manager.page.locator('aside.why')
    await why.getByText(say('ranking.why.title', { rank: behind.rank! })).waitFor()
    await why.getByText(behind.unit.name).first().waitFor()
    await manager.sees(like('ranking.missing.title'))
  })
  await story.step('opens the list of who is missing', async () => {
    const { items } = await story.read<{ items: { person: { name: string } }[] }>('manager', `/api/v1/contests/${contest.id}/rankings/units/${behind.unit.id}/missing`)
    expect(items.length).toBe(behind.missing)
    const more = manager.page.locator('.mis button.more')
    if (await more.count()) await more.click()
    const shown = (await manager.page.locator('.mis li b').allInnerTexts()).map((text) => text.trim())
    expect(shown.sort()).toEqual(items.map((one) => one.person.name).sort())
  })
  await story.step('drills down, and the rows add up to the parent', async () => {
    const top = (await story.read<{ items: { id: number; name: string; parentId: number | null }[] }>('manager', '/api/v1/units')).items[0]
    await manager.goto(`/desk/rankings/${contest.id}/units/${top.id}`)
    await manager.sees(say('ranking.drill.addsUp'))
    await addsUp(manager)
    const expected = Number(await manager.page.locator('table.sums tbody a.link').first().evaluate((link) => link.closest('tr')!.querySelectorAll('td')[3].textContent))
    await manager.page.locator('table.sums tbody a.link').first().click()
    await manager.page.waitForURL((url) => !url.pathname.endsWith(`/${top.id}`))
    await settle(manager)
    await manager.sees(say('ranking.drill.addsUp'))
    await manager.sees(new RegExp(`/ ${expected}\\b`))
    await expect.poll(() => manager.page.getByText(say('ranking.drill.notAddsUp')).count()).toBe(0)
  })
  await story.step('exempts one person, which is a numbered correction', async () => {
    const { items } = await story.read<{ items: { person: { name: string } }[] }>('manager', `/api/v1/contests/${contest.id}/rankings/units/${behind.unit.id}/missing`)
    await exemptOne(manager, contest.id, items[0].person.name)
  })
  await story.step('freezes the board for those outside, and lets it run again', async () => {
    await manager.goto(`/desk/rankings/${contest.id}`)
    for (const act of ['freeze', 'unfreeze']) {
      await manager.button(say(`ranking.act.${act}.act`)).click()
      await manager.page.getByRole('dialog').getByRole('button', { name: say(`ranking.act.${act}.act`) }).click()
      await manager.sees(say(`ranking.act.${act}.done`))
      await manager.page.getByRole('dialog').waitFor({ state: 'hidden' })
    }
  })
  await story.step('exports a workbook and opens it', () => exportBoard(manager, contest, rows))
}

/** Takes somebody out of the expected by the page, and finds the numbered line that says so. */
async function exemptOne(manager: Visitor, contest: number, name: string) {
  await manager.goto(`/desk/rankings/${contest}/roster`)
  await settle(manager)
  await manager.button(say('ranking.roster.exempt')).click()
  const dialog = manager.page.getByRole('dialog')
  await dialog.getByRole('combobox', { name: say('ranking.roster.person') }).fill(name)
  await manager.page.getByRole('option', { name: new RegExp(name) }).first().click()
  await dialog.getByLabel(say('core.reason.label')).fill('住院治疗')
  await dialog.getByRole('button', { name: say('ranking.roster.exempt') }).click()
  await manager.sees(say('ranking.roster.exempted', { name }))
  await manager.page.getByRole('row', { name: new RegExp(`${name}.*住院治疗`) }).waitFor()
  await manager.page.getByRole('tab', { name: like('ranking.roster.corrections') }).click()
  await manager.page.getByRole('row', { name: new RegExp(`\\d ?${say('ranking.roster.kinds.exempt')}.*${name}`) }).waitFor()
}

async function exportBoard(manager: Visitor, contest: { id: number; title: string }, rows: UnitRow[]) {
  await manager.goto(`/desk/rankings/${contest.id}`)
  await settle(manager)
  // Many names leave with the file, so the server asks what for.
  manager.allow(422, /\/export$/)
  manager.allow(400, /\/export$/)
  await manager.button(say('ranking.export.act')).click()
  const dialog = manager.page.getByRole('dialog')
  await dialog.getByText(say('ranking.export.text')).waitFor()
  await dialog.getByLabel(say('core.reason.label')).fill('向分管领导汇报')
  const file = await manager.download(() => dialog.getByRole('button', { name: say('ranking.export.act') }).click())
  expect(file.name).toBe(say('ranking.export.name', { title: contest.title }))
  const cells = [...readWorkbook(readFileSync(file.path)).values()].flat(2)
  for (const row of rows.filter((one) => one.rank !== null)) expect(cells).toContain(row.unit.name)
}

test('a manager sees where units stand, and why', () => tell(managerStory))

test('a unit manager sees the names of the own unit only', () =>
  tell(async (story) => {
    const visitor = await story.visitor()
    const contest = await openContest(story)
    const me = await story.read<{ person: { unit: { id: number; name: string } } }>('unit01', '/api/v1/me')
    await story.step('names of the own unit', async () => {
      await visitor.signIn('unit01')
      await visitor.goto(`/desk/rankings/${contest.id}?view=people`)
      await settle(visitor)
      const units = await visitor.page.locator('table.plain tbody tr').evaluateAll((list) => list.map((row) => row.textContent ?? ''))
      expect(units.length).toBeGreaterThan(0)
      expect(units.filter((text) => !text.includes(me.person.unit.name))).toEqual([])
    })
    await story.step('and of no other', async () => {
      const other = (await rowsOf(story, contest.id)).find((row) => row.unit.id !== me.person.unit.id && row.missing > 0)!
      visitor.allow(403, /\/rankings\/units\//)
      visitor.allow(404, /\/rankings\/units\//)
      await visitor.goto(`/desk/rankings/${contest.id}/units/${other.unit.id}`)
      await visitor.page.getByRole('heading', { level: 1 }).first().waitFor()
      await visitor.page.waitForTimeout(1000)
      expect(await visitor.page.locator('table tbody tr').count()).toBe(0)
    })
  }))
