/** The administrator's story: people from a workbook with errors, slips, a role; and the auditor who checks it all. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { phone, type Visitor } from './harness'
import { password } from './county'
import { peopleHead } from './occasion'
import { settle } from './pages'
import { tell, type Story } from './story'
import { like, say } from './words'
import { readWorkbook, writeWorkbook } from './workbook'

const unit = '县水利局'
const xlsx = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

async function upload(visitor: Visitor, name: string, rows: string[][]) {
  await visitor.page.locator('input[type="file"]').setInputFiles({ name, mimeType: xlsx, buffer: writeWorkbook([peopleHead, ...rows]) })
}

async function administratorStory(story: Story) {
  const admin = await story.visitor()
  const namesake = story.slips()[0].name
  const good = [
    ['方知远', unit, 'S9001', '', '科员', '在职'],
    // The name and unit of somebody who is there, under another number: only a person can say who is meant.
    [namesake, unit, 'S9004', '', '科员', '在职'],
  ]
  const bad = [
    ['', unit, 'S9002', '', '', '在职'],
    ['陆明', '没有这个单位', 'S9003', '', '', '在职'],
  ]
  await story.step('the administrator signs in', async () => {
    await admin.signIn('admin')
    await admin.goto('/desk/people/import')
    await admin.sees(say('core.boundary'))
  })
  await story.step('imports a workbook with errors', async () => {
    await upload(admin, '新进人员.xlsx', [...good, ...bad])
    await admin.page.locator('tr.error').first().waitFor()
    expect(await admin.page.locator('tr.error').count()).toBe(2)
    await admin.sees(like('peopleImport.check.todo'))
  })
  await story.step('gets the workbook back with its errors marked', async () => {
    const file = await admin.download(() => admin.button(say('peopleImport.check.marked')).click())
    expect(file.name).toBe(say('peopleImport.check.markedName', { name: '新进人员' }))
    const rows = [...readWorkbook(readFileSync(file.path)).values()][0]
    const marked = rows.filter((row) => row.length > peopleHead.length && row.slice(peopleHead.length).some((cell) => cell.length > 3))
    expect(marked.length).toBeGreaterThanOrEqual(2)
  })
  await story.step('mends the file, and says who the namesake is', async () => {
    await admin.button(say('peopleImport.again')).click()
    await upload(admin, '新进人员.xlsx', good)
    await admin.page.getByRole('tab', { name: new RegExp(say('peopleImport.state.new')) }).click()
    await admin.page.locator('tr.new').filter({ hasText: '方知远' }).locator('ins').filter({ hasText: '科员' }).waitFor()
    await admin.page.getByRole('tab', { name: new RegExp(say('peopleImport.state.undecided')) }).click()
    await admin.page.locator('tr.undecided').first().waitFor()
    await admin.page.getByText(say('peopleImport.decide.newHint')).first().click()
    await admin.button(say('peopleImport.check.apply', { n: 2 })).click()
    await admin.sees(say('peopleImport.applied'))
  })
  const slip = await story.step('issues the slips of a unit', async () => {
    await admin.link(say('peopleImport.slips')).click()
    const units = (await story.read<{ items: { id: number; name: string }[] }>('admin', '/api/v1/units?limit=200')).items
    await admin.goto(`/desk/people/slips?unit=${units.find((one) => one.name === unit)!.id}`)
    await admin.button(say('people.slips.makeUnit')).click()
    const mine = admin.page.locator('article.slip').filter({ hasText: '方知远' })
    await mine.waitFor()
    await mine.locator('svg').last().waitFor()
    return { code: (await mine.locator('.code').innerText()).trim() }
  })
  await story.step('the new person signs in with the slip', async () => {
    const person = await story.visitor({ viewport: phone })
    await person.goto('/activate#code=' + slip.code)
    await person.page.locator('#new-password').fill(password)
    await person.page.locator('#again').fill(password)
    await person.button(say('learn.activate.act')).click()
    await person.sees(/方知远/)
  })
  await story.step('grants a role', () => grant(admin))
  await story.step('the auditor verifies the chain', () => audit(story))
}

async function grant(admin: Visitor) {
  await admin.goto('/desk/roles')
  await settle(admin)
  await admin.button(say('roles.grant')).click()
  const dialog = admin.page.getByRole('dialog')
  await dialog.getByLabel(say('roles.col.person')).fill('方知远')
  await admin.page.getByRole('option', { name: /方知远/ }).click()
  await dialog.locator('.el-select').nth(1).click()
  await admin.page.getByRole('option', { name: say('core.role.invigilator'), exact: true }).click()
  await dialog.getByLabel(say('core.reason.label')).fill('本单位竞赛监考')
  await dialog.getByRole('button', { name: say('roles.grant'), exact: true }).click()
  await admin.sees(say('roles.granted', { name: '方知远', role: say('core.role.invigilator') }))
  await admin.page.locator('table.plain tbody tr').filter({ hasText: '方知远' }).first().waitFor()
}

async function audit(story: Story) {
  const auditor = await story.visitor()
  await auditor.signIn('auditor')
  await auditor.goto('/desk/audit')
  await settle(auditor)
  await auditor.button(say('audit.verify')).click()
  await auditor.sees(like('audit.chain.intact'))
  const log = auditor.page.locator('table.log tbody')
  await log.getByText('本单位竞赛监考').first().waitFor()
  await log.locator('tr').first().click()
  await auditor.page.getByRole('dialog').getByText(say('audit.hash'), { exact: true }).waitFor()
}

test('an administrator brings in people, and the auditor checks it', () => tell(administratorStory))
