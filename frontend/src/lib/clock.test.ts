import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { offsetOf, resyncMs, ServerClock } from './clock'
import { announcementAt } from './timer'
import { backoffMs } from './backoff'

describe('offset', () => {
  it('comes from the ping with the shortest round trip', () => {
    const pings = [
      { sentAt: 0, receivedAt: 400, serverTime: 10_390 },
      { sentAt: 1000, receivedAt: 1040, serverTime: 11_020 },
      { sentAt: 2000, receivedAt: 2300, serverTime: 12_010 },
    ]
    expect(offsetOf(pings)).toEqual({ offset: 10_000, roundTrip: 40 })
  })

  it('ignores a clock that went backwards, and has none without pings', () => {
    expect(offsetOf([{ sentAt: 10, receivedAt: 5, serverTime: 1 }])).toBeNull()
    expect(offsetOf([])).toBeNull()
  })
})

describe('server clock', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  const build = (ask: () => Promise<number>) => {
    let device = 0
    const clock = new ServerClock(
      { monotonic: () => device, ask, setTimer: (run, ms) => setTimeout(run, ms), clearTimer: (timer) => clearTimeout(timer as number) },
      () => 42,
    )
    return { clock, move: (ms: number) => (device += ms) }
  }

  it('uses the device until it knows better, then five pings', async () => {
    let asked = 0
    const { clock, move } = build(async () => {
      asked++
      move(20)
      return 500_000
    })
    expect(clock.now()).toBe(42)
    await clock.sync()
    expect(asked).toBe(5)
    expect(clock.synced).toBe(true)
    move(1000)
    expect(clock.now()).toBeGreaterThan(500_900)
  })

  it('keeps the last offset when the server is away', async () => {
    let up = true
    const { clock } = build(async () => {
      if (!up) throw new Error('away')
      return 1_000_000
    })
    await clock.sync()
    const before = clock.now()
    up = false
    expect(await clock.sync()).toBe(false)
    expect(clock.now()).toBe(before)
  })

  it('re-syncs each minute until stopped', async () => {
    let rounds = 0
    const { clock } = build(async () => {
      rounds++
      return 1
    })
    clock.start()
    await vi.advanceTimersByTimeAsync(resyncMs * 2 + 10)
    expect(rounds).toBe(15)
    clock.stop()
    await vi.advanceTimersByTimeAsync(resyncMs * 3)
    expect(rounds).toBe(15)
  })
})

describe('announcements', () => {
  it.each([
    [301_000, 299_900, 300],
    [299_900, 298_900, 0],
    [60_500, 59_800, 60],
    [10_200, 9_900, 10],
    [400_000, 9_000, 10],
    [Number.POSITIVE_INFINITY, 200_000, 0],
    [5_000, 0, 0],
  ])('from %d to %d ms says %d', (previous, left, wanted) => expect(announcementAt(previous, left)).toBe(wanted))
})

describe('backoff', () => {
  it('stays within 30 % of 0.5, 1, 2, 4, 8 s', () => {
    for (const [attempt, base] of [500, 1000, 2000, 4000, 8000, 8000].entries()) {
      expect(backoffMs(attempt, 0, () => 0)).toBe(Math.round(base * 0.7))
      expect(backoffMs(attempt, 0, () => 1)).toBe(Math.round(base * 1.3))
    }
  })

  it('never returns before Retry-After, and spreads after it', () => {
    expect(backoffMs(0, 5000, () => 0)).toBe(5000)
    expect(backoffMs(0, 5000, () => 1)).toBe(6500)
  })
})
