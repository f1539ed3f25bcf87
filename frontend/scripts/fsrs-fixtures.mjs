// Writes quiz/testdata/fsrs.json: what ts-fsrs, the reference in JavaScript, makes of many histories of answers.
// The Go tests hold quiz/fsrs.go to it. Run it again only when ts-fsrs is updated: node scripts/fsrs-fixtures.mjs
import { writeFileSync } from 'node:fs'
import { FSRSAlgorithm, default_w } from 'ts-fsrs'

const algorithm = new FSRSAlgorithm({ request_retention: 0.9, enable_fuzz: false, enable_short_term: true })

// A small generator of its own, so that the file is the same on every machine.
let state = 20260501
const next = (n) => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0
  return Math.floor((state / 2 ** 32) * n)
}

const histories = []
const history = (steps) => {
  let memory = null
  histories.push(
    steps.map(([days, rating]) => {
      memory = algorithm.next_state(memory, days, rating)
      const interval = algorithm.next_interval(memory.stability, days)
      return { days, rating, stability: memory.stability, difficulty: memory.difficulty, interval, recall: algorithm.forgetting_curve(interval, memory.stability) }
    })
  )
}

for (const first of [1, 2, 3, 4]) for (const second of [1, 2, 3, 4]) for (const days of [0, 1, 9]) history([[0, first], [days, second], [30, 3]])
for (let n = 0; n < 60; n++) {
  const steps = [[0, 1 + next(4)]]
  for (let i = 0; i < 3 + next(12); i++) steps.push([[0, 1, 2, 7, 40, 365][next(6)] + next(3), 1 + next(4)])
  history(steps)
}

writeFileSync(new URL('../../quiz/testdata/fsrs.json', import.meta.url), JSON.stringify({ weights: default_w, retention: 0.9, histories }) + '\n')
