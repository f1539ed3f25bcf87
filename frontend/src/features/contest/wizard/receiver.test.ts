import { describe, expect, it } from 'vitest'
import type { Fit, Row } from '../queries'
import { moved, receiverOf } from './receiver'

const row = (topic: number, count: number): Row => ({ topicIds: [topic], kinds: ['single'], difficultyLo: 0, difficultyHi: 100, count, points: 500 })

/** A bank in which rows of one topic draw from one pool, the earlier row first. */
function prover(pool: Record<number, number>) {
  return async (rows: Row[]): Promise<Fit> => {
    const left = { ...pool }
    const lines = rows.map((one, n) => {
      const topic = one.topicIds[0]
      const drawn = Math.min(one.count, left[topic])
      left[topic] -= drawn
      return { row: n, needed: one.count, drawn, available: pool[topic], practised: 0 }
    })
    return { rows: lines } as unknown as Fit
  }
}

async function find(rows: Row[], from: number, lack: number, pool: Record<number, number>) {
  const prove = prover(pool)
  const before = (await prove(rows)).rows
  return receiverOf(rows, from, lack, (n) => before[n] ?? null, prove)
}

describe('a receiver for what a row cannot have', () => {
  it('is a row with enough to spare', async () => {
    expect(await find([row(1, 8), row(2, 10)], 0, 6, { 1: 2, 2: 30 })).toBe(1)
  })

  it('is not a row whose spare questions another row draws', async () => {
    // Each of rows 1 and 2 seems to have 10 of 20 to spare, yet together they have none.
    expect(await find([row(1, 8), row(2, 10), row(2, 10)], 0, 6, { 1: 2, 2: 20 })).toBe(-1)
  })

  it('is the next best where the best is refused', async () => {
    expect(await find([row(1, 8), row(2, 14), row(2, 16), row(3, 4)], 0, 6, { 1: 2, 2: 30, 3: 12 })).toBe(3)
  })

  it('is found when the short row goes altogether', async () => {
    expect(await find([row(1, 3), row(2, 4)], 0, 3, { 1: 0, 2: 9 })).toBe(1)
    expect(moved([row(1, 3), row(2, 4)], 0, 3, 1)).toEqual([row(2, 7)])
  })
})
