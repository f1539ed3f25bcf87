/** Every kind of question: a Word file mended in the preview, a case and a written answer in a contest, marked by a person. */
import { expect, test } from 'vitest'
import { violationsInBoth } from './axe'
import { phone, type Visitor } from './harness'
import { attemptId, goTo, handIn, next, questionCount, storedBadge } from './learner'
import { forward, rules, timesAndPeople } from './organising'
import { writeDocument } from './document'
import { settle } from './pages'
import { misfits } from './reflow'
import { tell, type Story } from './story'
import { like, say } from './words'

const title = '案例与简答测试'
const paper = [
  '保密知识题（练习用）',
  '一、单选题',
  '1. 发现国家秘密可能泄露时，应当先做什么？（B）',
  'A. 自己先找找看',
  'B. 立即采取补救措施并及时报告',
  'C. 等领导问起再说',
  '2. 涉密载体应当怎样销毁？',
  'A. 卖给废品站',
  'B. 送交有资质的销毁机构',
  'C. 撕碎后扔掉',
  '二、判断题',
  '3. 工作手机连着电脑充电，不会有任何风险。（×）',
]

/** Nothing for axe in light or dark, and nothing cut at 320 px. */
async function fits(visitor: Visitor) {
  expect(await violationsInBoth(visitor)).toEqual([])
  await visitor.page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  const was = visitor.page.viewportSize()!
  await visitor.page.setViewportSize({ width: 320, height: 800 })
  await visitor.page.waitForTimeout(300)
  expect(await misfits(visitor)).toEqual([])
  await visitor.page.setViewportSize(was)
}

/** Opens a list of the kit and takes the choice with these words, or the first. */
async function take(visitor: Visitor, label: string, words?: string) {
  await visitor.page.getByLabel(label, { exact: true }).first().click()
  const choices = visitor.page.locator('.el-select-dropdown__item:visible')
  await (words ? choices.filter({ hasText: words }) : choices).first().click()
}

async function importWord(visitor: Visitor) {
  await visitor.goto('/desk/question-imports')
  await visitor.sees(say('import.start.paste'))
  await take(visitor, say('import.start.topic'))
  await visitor.page.locator('input[type="file"]').setInputFiles({ name: '题目.docx', mimeType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', buffer: writeDocument(paper) })
  await visitor.sees(say('import.format.docx'))
  await visitor.sees(say('import.say.errors', { ready: 2, errors: 1 }))
  // What made no question is listed with its words, and the row in error shows what the document says.
  await visitor.page.locator('.skipped summary').click()
  await visitor.page.locator('.skipped q').filter({ hasText: paper[0] }).waitFor()
  const row = visitor.page.locator('li.row.error')
  await row.locator('pre').filter({ hasText: '撕碎后扔掉' }).waitFor()
  await row.getByRole('button', { name: new RegExp('^' + say('import.row.edit')) }).click()
  await fits(visitor)
  await row.getByLabel(say('import.field.answer'), { exact: true }).fill('B')
  await visitor.button(say('import.row.save'), row).click()
  await visitor.button(say('import.apply', { n: 3 })).click()
  await visitor.sees(say('import.done', { n: 3 }))
}

async function write(visitor: Visitor, kind: string, fill: () => Promise<unknown>) {
  await visitor.goto('/desk/questions/new')
  await visitor.page.locator('.segments label').filter({ hasText: new RegExp(`^${say('quiz.kind.' + kind)}$`) }).click()
  await fill()
  await fits(visitor)
  await take(visitor, say('bank.facet.topic'))
  await visitor.button(say('editor.saveAndPublish')).click()
  await visitor.page.waitForURL(/\/desk\/questions\/\d+$/)
  await visitor.button(say('bank.key.show')).waitFor()
}

const essay = (visitor: Visitor) => async () => {
  await visitor.page.locator('#stem').fill('同事把涉密文件拍照发进了微信群，你看到后怎么做？')
  await visitor.page.locator('#question-rubric').fill('提醒删除并停止传播；不再转发；立即报告保密工作机构。')
}

const group = (visitor: Visitor) => async () => {
  const { page } = visitor
  await page.locator('#stem').fill('小陆（化名）出差时把涉密笔记本电脑放在酒店房间，出门吃饭，回来发现房门开着。')
  await page.locator('#part-0-kind').selectOption('ordering')
  await page.locator('#part-0-stem').fill('小陆应当按什么先后处理？')
  for (const [n, text] of ['检查载体是否还在', '立即报告', '配合查处'].entries()) await page.locator(`#part-0-option-${n}`).fill(text)
  await visitor.button(say('editor.step.drop', { n: 4 })).click()
  await page.locator('#part-1-kind').selectOption('matching')
  await page.locator('#part-1-stem').fill('谁负责什么？')
  for (const [n, [left, right]] of [['本人', '立即报告'], ['单位', '采取补救措施'], ['保密行政管理部门', '组织查处']].entries()) {
    await page.locator(`#part-1-left-${n}`).fill(left)
    await page.getByLabel(say('editor.rightOf', { n: n + 1 }), { exact: true }).fill(right)
  }
}

/** Narrows a row of the blueprint to one kind, one question of it. */
async function row(visitor: Visitor, n: number, kind: string) {
  const { page } = visitor
  const line = page.locator(`tr#row-${n - 1}`)
  await line.getByRole('button', { name: new RegExp('^' + say('wizard.blueprint.kind')) }).click()
  const list = page.getByRole('group', { name: say('wizard.blueprint.kind') })
  await list.locator('input').first().waitFor()
  for (const label of await list.locator('label').all()) {
    const wanted = ((await label.textContent()) ?? '').trim() === say('quiz.kind.' + kind)
    if ((await label.locator('input').isChecked()) !== wanted) await label.locator('input').click()
  }
  await page.keyboard.press('Escape')
  const count = page.getByLabel(say('wizard.blueprint.countOf', { row: n }))
  await count.fill('1')
  await count.press('Tab')
}

async function blueprint(visitor: Visitor) {
  await visitor.page.getByLabel(say('wizard.blueprint.countOf', { row: 1 })).waitFor()
  await row(visitor, 1, 'group')
  await visitor.button(new RegExp(say('wizard.blueprint.add'))).click()
  await row(visitor, 2, 'essay')
  await visitor.sees(say('wizard.rail.check.met'))
  await forward(visitor, 'times')
}

/** Answers the question on screen in the way of its kind, by keyboard where the kind is new. */
async function answer({ page }: Visitor) {
  const question = page.locator('.question')
  if (await question.locator('.ordering').count()) {
    await question.locator('.down').first().focus()
    await page.keyboard.press('Enter')
  } else if (await question.locator('.matching').count()) {
    for (const list of await question.locator('select').all()) await list.selectOption({ index: 1 })
  } else if (await question.locator('textarea').count()) await question.locator('textarea').fill('马上提醒他删除并不再转发，同时报告保密工作机构。')
  else if (await question.locator('.opt').count()) await question.locator('.opt').first().click()
  else for (const blank of await question.locator('input[type="text"]').all()) await blank.fill('24')
}

async function learn(learner: Visitor, contest: number) {
  await learner.goto(`/contests/${contest}`)
  await learner.button(say('learn.intro.begin')).click()
  await learner.page.waitForURL(/\/attempts\/\d+/)
  await learner.page.locator('.question').waitFor()
  const questions = await questionCount(learner)
  for (let n = 1; n <= questions; n++) {
    if (n > 1) await next(learner)
    await answer(learner)
    await storedBadge(learner)
    await fits(learner)
  }
  // The material stands above a case's question, and the card knows every one of them as answered.
  await goTo(learner, 1)
  await learner.sees(say('answer.material'))
  await learner.button(say('learn.attempt.card')).click()
  await learner.sees(say('learn.attempt.allStored', { n: questions }))
  await learner.page.keyboard.press('Escape')
  await handIn(learner)
  await learner.sees(say('learn.result.awaiting'))
}

async function mark(trainer: Visitor, contest: number) {
  await trainer.goto(`/desk/contests/${contest}`)
  await trainer.link(new RegExp(say('contest.act.marking'))).click()
  const { page } = trainer
  await page.locator('.written').filter({ hasText: '报告保密工作机构' }).waitFor()
  expect(await page.locator('body').textContent()).not.toContain('林书瑶')
  await fits(trainer)
  await page.locator('#marking-points').fill('9999')
  await page.keyboard.press('Enter')
  await page.locator('#marking-wrong').filter({ hasText: like('marking.wrongPoints') }).waitFor()
  await page.locator('#marking-points').fill('2')
  await page.keyboard.press('Enter')
  await trainer.sees(say('marking.done'))
}

/** The contest closes, and the review shows own and right answer of each kind. */
async function review(trainer: Visitor, learner: Visitor, contest: number, id: number) {
  await trainer.goto(`/desk/contests/${contest}`)
  await trainer.button(say('contest.act.more')).click()
  await trainer.page.getByRole('menuitem', { name: say('contest.act.closeNow.name') }).click()
  await trainer.page.getByLabel(say('core.reason.label')).fill('都交了')
  await trainer.button(say('contest.act.closeNow.do')).click()
  await trainer.page.getByRole('dialog').waitFor({ state: 'hidden' })
  const open = async () => {
    await learner.goto(`/attempts/${id}/result`)
    await settle(learner)
    return learner.link(say('learn.result.allQuestions')).count()
  }
  await expect.poll(open, { timeout: 60_000, interval: 1000 }).toBe(1)
  await learner.goto(`/attempts/${id}/review`)
  await learner.sees('提醒删除并停止传播')
  await fits(learner)
}

async function kindsStory(story: Story) {
  const trainer = await story.visitor()
  await trainer.signIn('trainer')
  await settle(trainer)
  await story.step('imports a Word file, mending a question in the preview', () => importWord(trainer))
  await story.step('writes a short answer with its rubric', () => write(trainer, 'essay', essay(trainer)))
  await story.step('writes a case of an ordering and a matching', () => write(trainer, 'group', group(trainer)))
  await story.step('starts a contest', () => rules(trainer, title))
  await story.step('draws a case and a short answer', () => blueprint(trainer))
  const units = await Promise.all(['learner', 'unit01'].map((who) => story.read<{ person: { unit: { name: string } } }>(who, '/api/v1/me')))
  await story.step('names the people', () => timesAndPeople(trainer, `林书瑶 ${units[0].person.unit.name}\n冯静怡 ${units[1].person.unit.name}\n查无此人`))
  const contest = await story.step('publishes', async () => {
    await trainer.button(say('wizard.publish')).click()
    await trainer.page.waitForURL(/\/desk\/contests\/\d+$/)
    return Number(/contests\/(\d+)/.exec(trainer.page.url())![1])
  })
  await expect.poll(async () => (await story.read<{ state: string }>('trainer', `/api/v1/contests/${contest}`)).state, { timeout: 60_000 }).toBe('open')
  const learner = await story.visitor({ viewport: phone })
  await learner.signIn('learner')
  await story.step('the learner answers every kind', () => learn(learner, contest))
  const id = attemptId(learner)
  await story.step('the trainer marks without seeing a name', () => mark(trainer, contest))
  await story.step('the learner sees the score', async () => {
    const graded = await story.read<{ state: string; score?: number }>('learner', `/api/v1/attempts/${id}`)
    expect(graded.state).toBe('graded')
    expect(graded.score).toBeGreaterThanOrEqual(200)
    await learner.goto(`/attempts/${id}/result`)
    await learner.page.locator('.sc .num').waitFor()
  })
  await story.step('and the review of each kind, once the contest has closed', () => review(trainer, learner, contest, id))
}

test('questions of every kind, from a Word file to a mark', () => tell(kindsStory), 900_000)
