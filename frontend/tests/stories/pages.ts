/** Every page of the app, with somebody who may see it: for the accessibility story and the pictures. */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Visitor } from './harness'
import { choose, next, storedBadge } from './learner'
import { say } from './words'

/** What the pages show: found in the demo county, or made for the occasion. */
export interface Things {
  open: number
  final: number
  scheduled: number
  draft: number
  liveAttempt: number
  pastAttempt: number
  question: number
  questionImport: number
  peopleImport: number
  unit: number
}

export interface Place {
  /** File name of the picture. */
  name: string
  /** Name of the route; null = none of ours. */
  route: string | null
  /** Account; null = nobody. */
  as: string | null
  size: 'phone' | 'desk'
  path: (things: Things) => string
  /** What brings the page into the state to look at. */
  act?: (visitor: Visitor) => Promise<unknown>
  /** The server refuses something here, as it must. */
  refused?: number
}

const at = (name: string, route: string | null, as: string | null, size: Place['size'], to: string | ((things: Things) => string), more: Partial<Place> = {}): Place => ({ name, route, as, size, path: typeof to === 'string' ? () => to : to, ...more })

const press = (key: string) => (visitor: Visitor) => visitor.button(say(key)).first().click()

/** Into the paper, a few questions answered and stored, the last of them on screen. */
async function answerSome(visitor: Visitor) {
  const { page } = visitor
  await page.locator('.question, .take').first().waitFor()
  if (await page.locator('.take').count()) await visitor.button(say('learn.takeover.act')).click()
  await page.locator('.question').waitFor()
  for (let n = 0; n < 5; n++) {
    if (n) await next(visitor)
    await choose(visitor, n)
    await storedBadge(visitor)
  }
}

export const places: Place[] = [
  at('sign-in', 'sign-in', null, 'phone', '/sign-in'),
  at('activate', 'activate', null, 'phone', '/activate'),
  at('home', 'home', 'learner', 'phone', '/'),
  at('contests', 'my-contests', 'learner', 'phone', '/contests'),
  at('intro', 'intro', 'learner', 'phone', (one) => `/contests/${one.open}`),
  at('intro-over', 'intro', 'learner', 'phone', (one) => `/contests/${one.final}`),
  at('waiting-room', 'intro', 'admin', 'phone', (one) => `/contests/${one.scheduled}?wait=1`),
  at('takeover', 'attempt', 'learner', 'phone', (one) => `/attempts/${one.liveAttempt}`),
  at('attempt', 'attempt', 'learner', 'phone', (one) => `/attempts/${one.liveAttempt}`, { act: answerSome }),
  at('attempt-sheet', 'attempt', 'learner', 'phone', (one) => `/attempts/${one.liveAttempt}`, { act: press('learn.attempt.card') }),
  at('attempt-more', 'attempt', 'learner', 'phone', (one) => `/attempts/${one.liveAttempt}`, { act: press('learn.attempt.more') }),
  at('result', 'result', 'learner', 'phone', (one) => `/attempts/${one.pastAttempt}/result`),
  at('result-receipts', 'result', 'learner', 'phone', (one) => `/attempts/${one.pastAttempt}/result`, { act: press('learn.result.seeReceipts') }),
  at('review', 'review', 'learner', 'phone', (one) => `/attempts/${one.pastAttempt}/review`),
  at('records', 'records', 'learner', 'phone', '/records'),
  at('boards', 'boards', 'learner', 'phone', '/board'),
  at('board', 'board', 'learner', 'phone', (one) => `/contests/${one.open}/board`),
  at('me', 'me', 'learner', 'phone', '/me'),
  at('password', 'password', 'learner', 'phone', '/me/password'),
  at('sessions', 'sessions', 'learner', 'phone', '/me/sessions'),
  at('denied-phone', 'desk-today', 'learner', 'phone', '/desk/today'),
  at('missing-phone', 'missing', 'learner', 'phone', '/no-such-page'),
  at('missing-contest', 'intro', 'learner', 'phone', '/contests/999999', { refused: 404 }),

  at('today-trainer', 'desk-today', 'trainer', 'desk', '/desk/today'),
  at('questions', 'questions', 'trainer', 'desk', '/desk/questions'),
  at('questions-reviewer', 'questions', 'reviewer', 'desk', '/desk/questions'),
  at('questions-bulk', 'questions', 'trainer', 'desk', '/desk/questions', {
    act: async (visitor) => {
      await visitor.page.locator('tr[data-row]').first().press('x')
      await visitor.page.keyboard.press('b')
      await visitor.button(say('bank.bulk.look')).click()
      await visitor.page.locator('.result').waitFor()
    },
  }),
  at('topics', 'questions', 'trainer', 'desk', '/desk/questions', { act: press('bank.topics.edit') }),
  at('question-duplicates', 'question-duplicates', 'trainer', 'desk', '/desk/questions/duplicates'),
  at('question-new', 'question-new', 'trainer', 'desk', '/desk/questions/new'),
  at('question', 'question', 'trainer', 'desk', (one) => `/desk/questions/${one.question}`),
  at('question-import-start', 'question-import', 'trainer', 'desk', '/desk/question-imports'),
  at('question-import', 'question-import', 'trainer', 'desk', (one) => `/desk/question-imports/${one.questionImport}`),
  at('desk-contests', 'contests', 'trainer', 'desk', '/desk/contests'),
  at('wizard-new', 'contest-new', 'trainer', 'desk', '/desk/contests/new'),
  ...['preset', 'blueprint', 'times', 'people', 'check'].map((step) => at('wizard-' + step, 'contest-edit', 'trainer', 'desk', (one) => `/desk/contests/${one.draft}/edit?step=${step}`)),
  at('contest', 'contest', 'trainer', 'desk', (one) => `/desk/contests/${one.open}`),
  at('keys', 'contests', 'trainer', 'desk', '/desk/contests', { act: (visitor) => visitor.page.keyboard.press('?') }),
  at('contest-roster', 'contest', 'trainer', 'desk', (one) => `/desk/contests/${one.open}?tab=roster`),
  at('marking', 'contest-marking', 'trainer', 'desk', (one) => `/desk/contests/${one.open}/marking`),
  at('contest-results', 'contest', 'trainer', 'desk', (one) => `/desk/contests/${one.final}?tab=results`),
  at('monitor', 'contest-monitor', 'trainer', 'desk', (one) => `/desk/contests/${one.open}/monitor`),
  at('monitor-extend', 'contest-monitor', 'trainer', 'desk', (one) => `/desk/contests/${one.open}/monitor`, { act: press('monitor.extend.open') }),
  at('missing-desk', 'contest', 'trainer', 'desk', '/desk/contests/999999', { refused: 404 }),

  at('today-manager', 'desk-today', 'manager', 'desk', '/desk/today'),
  at('rankings', 'rankings', 'manager', 'desk', '/desk/rankings'),
  at('ranking', 'ranking', 'manager', 'desk', (one) => `/desk/rankings/${one.open}`),
  at('ranking-people', 'ranking', 'manager', 'desk', (one) => `/desk/rankings/${one.open}?view=people`),
  at('ranking-learner', 'ranking', 'manager', 'desk', (one) => `/desk/rankings/${one.open}?view=learner`),
  at('ranking-roster', 'ranking-roster', 'manager', 'desk', (one) => `/desk/rankings/${one.final}/roster`),
  at('ranking-corrections', 'ranking-roster', 'manager', 'desk', (one) => `/desk/rankings/${one.open}/roster?tab=corrections`),
  at('ranking-unit', 'ranking-unit', 'manager', 'desk', (one) => `/desk/rankings/${one.open}/units/${one.unit}`),
  at('print-ranking', 'ranking-print', 'manager', 'desk', (one) => `/print/rankings/${one.open}`),
  at('print-missing', 'ranking-print-missing', 'manager', 'desk', (one) => `/print/rankings/${one.open}/missing?unit=${one.unit}`),

  at('today-admin', 'desk-today', 'admin', 'desk', '/desk/today'),
  at('people', 'people', 'admin', 'desk', '/desk/people'),
  at('slips', 'slips', 'admin', 'desk', '/desk/people/slips'),
  at('people-import-start', 'people-import', 'admin', 'desk', '/desk/people/import'),
  at('people-import', 'people-import', 'admin', 'desk', (one) => `/desk/people/import?id=${one.peopleImport}`),
  at('units', 'units', 'admin', 'desk', '/desk/units'),
  at('roles', 'roles', 'admin', 'desk', '/desk/roles'),
  at('roles-secadmin', 'roles', 'secadmin', 'desk', '/desk/roles'),
  at('audit', 'audit', 'auditor', 'desk', '/desk/audit'),
  at('denied-desk', 'audit', 'trainer', 'desk', '/desk/audit'),
]

/** Who goes to which pages, at which size: each signs in once. */
export const tours = (['phone', 'desk'] as const).flatMap((size) => {
  const here = places.filter((place) => place.size === size)
  return [...new Set(here.map((place) => place.as))].map((as) => ({ size, as, list: here.filter((place) => place.as === as) }))
})

/** Names the routes give themselves; `desk` only leads on, `setup` belongs to a new installation's story. */
export function routeNames(): string[] {
  const features = path.join(import.meta.dirname, '../../src/features')
  return readdirSync(features)
    .map((name) => readFileSync(path.join(features, name, 'routes.ts'), 'utf8'))
    .flatMap((text) => [...text.matchAll(/path: '[^']*',\s*name: '([\w-]+)'/g)].map((one) => one[1]))
}

/** Waits until the page shows what it has. */
export async function settle(visitor: Visitor) {
  const { page } = visitor
  await page.locator('h1').first().waitFor({ state: 'attached' })
  await page.waitForFunction(() => !document.querySelector('.skeleton, [aria-busy="true"], .el-loading-mask'))
  await page.waitForTimeout(250)
  await page.waitForFunction(() => !document.querySelector('.skeleton, [aria-busy="true"], .el-loading-mask'))
}
