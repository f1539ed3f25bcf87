import 'fake-indexeddb/auto'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { AnswerQueue, debounceMs, isAnswered, type Outgoing, type QueueDeps, type Verdict } from './answerQueue'
import { IndexedStore, MemoryStore, type AnswerStore, type AttemptBox } from './answerStore'

const emptyBox = (): AttemptBox => ({ attemptId: 7, contestId: 3, personId: 1, lease: 'L1', seq: 0, answers: [], marks: [], conflicts: [], touchedAt: 0 })

class Refusal extends Error {
  constructor(readonly verdict: Verdict) {
    super(verdict.status)
  }
}

/** A server that can be cut off, be slow, lose the answer after storing it, and counts what it stored. */
class Server {
  stored = new Map<number, Outgoing>()
  batches: { answers: Outgoing[]; lease: string; keepalive: boolean }[] = []
  mode: 'ok' | 'loseReply' | Verdict = 'ok'
  hold: Promise<void> | null = null

  send: QueueDeps['send'] = async (answers, lease, keepalive) => {
    this.batches.push({ answers, lease, keepalive })
    if (this.hold) await this.hold
    if (typeof this.mode === 'object') throw new Refusal(this.mode)
    const saved = answers.map((answer) => {
      const current = this.stored.get(answer.slot)
      if (!current || answer.seq > current.seq) this.stored.set(answer.slot, answer)
      const now = this.stored.get(answer.slot)!
      return { slot: answer.slot, seq: now.seq, receipt: `r${answer.slot}-${now.seq}` }
    })
    if (this.mode === 'loseReply') throw new Refusal({ status: 'offline' })
    return { saved, serverTime: '2026-04-15T01:12:03.000Z', deadlineAt: '2026-04-15T01:30:00.000Z' }
  }
}

function build(server: Server, box = emptyBox(), store: AnswerStore = new MemoryStore()) {
  return new AnswerQueue(box, {
    store,
    send: server.send,
    verdict: (error) => (error as Refusal).verdict,
    setTimer: (run, ms) => setTimeout(run, ms),
    clearTimer: (timer) => clearTimeout(timer as number),
    random: () => 0.5,
  })
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)

describe('answer queue', () => {
  it('sends a change 400 ms after the last one and calls it stored only after the receipt', async () => {
    const server = new Server()
    const queue = build(server)
    queue.set(1, { choice: [1] })
    await pass(debounceMs - 1)
    queue.set(1, { choice: [1, 2] })
    expect(queue.state(1)).toBe('none')
    await pass(debounceMs - 1)
    expect(server.batches).toHaveLength(0)
    let release = () => {}
    server.hold = new Promise((resolve) => (release = resolve))
    await pass(1)
    expect(queue.state(1)).toBe('busy')
    release()
    await pass(0)
    expect(queue.state(1)).toBe('done')
    expect(server.stored.get(1)).toEqual({ slot: 1, seq: 2, choice: [1, 2] })
    expect(queue.answer(1)?.receipt).toBe('r1-2')
  })

  it('is unsaved again as soon as an answer changes, also while the old one is on its way', async () => {
    const server = new Server()
    const queue = build(server)
    queue.set(1, { choice: [1] })
    let release = () => {}
    server.hold = new Promise((resolve) => (release = resolve))
    await pass(debounceMs)
    queue.set(1, { choice: [2] })
    expect(queue.state(1)).toBe('none')
    server.hold = null
    release()
    await pass(0)
    expect(queue.state(1)).toBe('none')
    await pass(debounceMs)
    expect(queue.state(1)).toBe('done')
    expect(server.stored.get(1)?.choice).toEqual([2])
  })

  it('retries after 0.5, 1, 2, 4, 8 and 8 s and sends everything once it can', async () => {
    const server = new Server()
    server.mode = { status: 'offline' }
    const queue = build(server)
    queue.set(1, { choice: [1] })
    await pass(debounceMs)
    for (const [n, wait] of [500, 1000, 2000, 4000, 8000, 8000].entries()) {
      expect(server.batches).toHaveLength(n + 1)
      await pass(wait - 1)
      expect(server.batches).toHaveLength(n + 1)
      await pass(1)
    }
    expect(queue.status).toBe('offline')
    queue.set(2, { text: ['24'] })
    server.mode = 'ok'
    await pass(8000)
    expect(queue.status).toBe('online')
    expect(queue.unsynced()).toEqual([])
    expect([...server.stored.keys()]).toEqual([1, 2])
  })

  it('waits at least as long as a busy server asks', async () => {
    const server = new Server()
    server.mode = { status: 'busy', retryAfterMs: 3000 }
    const queue = build(server)
    queue.set(1, { choice: [1] })
    await pass(debounceMs)
    expect(queue.status).toBe('busy')
    await pass(2999)
    expect(server.batches).toHaveLength(1)
    server.mode = 'ok'
    await pass(1000)
    expect(queue.state(1)).toBe('done')
  })

  it('survives a reload: seq goes on and the unsynced answer is sent', async () => {
    vi.useRealTimers()
    const server = new Server()
    server.mode = { status: 'offline' }
    const store = await IndexedStore.open()
    const before = build(server, emptyBox(), store)
    before.set(1, { choice: [1] })
    before.set(2, { choice: [3] })
    before.toggleMark(2)
    await before.written()
    before.stop()
    store.close()

    const again = await IndexedStore.open()
    const box = (await again.load(7))!
    expect(box.lease).toBe('L1')
    expect(box.marks).toEqual([2])
    server.mode = 'ok'
    const after = build(server, box, again)
    after.set(1, { choice: [2] })
    expect(after.answer(1)?.seq).toBe(3)
    await after.flush()
    expect(server.stored.get(1)).toEqual({ slot: 1, seq: 3, choice: [2] })
    expect(server.stored.get(2)).toEqual({ slot: 2, seq: 2, choice: [3] })
    await again.remove(7)
    again.close()
  })

  it('resends the same seq when the reply was lost, and one receipt is enough', async () => {
    const server = new Server()
    server.mode = 'loseReply'
    const queue = build(server)
    queue.set(1, { choice: [1] })
    await pass(debounceMs)
    expect(queue.state(1)).toBe('none')
    server.mode = 'ok'
    await pass(500)
    expect(queue.state(1)).toBe('done')
    expect(server.batches.map((batch) => batch.answers[0].seq)).toEqual([1, 1])
  })

  it('goes over a higher seq the server already has instead of believing it was stored', async () => {
    const server = new Server()
    server.stored.set(1, { slot: 1, seq: 9, choice: [4] })
    const queue = build(server)
    queue.set(1, { choice: [1] })
    await pass(debounceMs)
    expect(queue.state(1)).not.toBe('done')
    await pass(debounceMs)
    expect(queue.state(1)).toBe('done')
    expect(server.stored.get(1)).toEqual({ slot: 1, seq: 10, choice: [1] })
  })

  it('stops when another device took over and keeps what was not stored', async () => {
    const server = new Server()
    server.mode = { status: 'stale' }
    const queue = build(server)
    queue.set(1, { choice: [1] })
    await pass(debounceMs)
    expect(queue.status).toBe('stale')
    await pass(60_000)
    expect(server.batches).toHaveLength(1)
    queue.set(1, { choice: [2] })
    expect(queue.answer(1)?.choice).toEqual([1])
    expect(queue.unsynced()).toHaveLength(1)
    server.mode = 'ok'
    queue.renewLease('L2')
    await pass(0)
    expect(server.batches[1].lease).toBe('L2')
    expect(queue.state(1)).toBe('done')
  })

  it('keeps an unsynced answer as a conflict when the server has a newer, different one', async () => {
    const server = new Server()
    server.mode = { status: 'offline' }
    const queue = build(server)
    queue.set(1, { choice: [1] })
    queue.adopt([
      { slot: 1, seq: 5, choice: [3] },
      { slot: 2, seq: 4, text: ['机要'] },
    ])
    expect(queue.box.conflicts).toEqual([{ slot: 1, choice: [1], text: undefined }])
    expect(queue.answer(1)?.choice).toEqual([3])
    expect(queue.state(2)).toBe('done')
    server.mode = 'ok'
    queue.settle(1, 'mine')
    expect(queue.answer(1)).toMatchObject({ seq: 6, choice: [1] })
    await pass(debounceMs)
    expect(server.stored.get(1)?.choice).toEqual([1])
    expect(queue.box.conflicts).toEqual([])
  })

  it('asks after a takeover even when its own seq is higher, but not about its own stored answer', () => {
    const queue = build(new Server())
    queue.box.answers = [
      { slot: 1, seq: 25, ackedSeq: 3, choice: [1] },
      { slot: 2, seq: 24, ackedSeq: 4, choice: [2] },
    ]
    queue.box.seq = 25
    queue.adopt(
      [
        { slot: 1, seq: 20, choice: [4] },
        { slot: 2, seq: 4, choice: [3] },
      ],
      true,
    )
    expect(queue.box.conflicts).toEqual([{ slot: 1, choice: [1], text: undefined }])
    expect(queue.unsynced().map((one) => one.slot)).toEqual([2])
    queue.settle(1, 'mine')
    expect(queue.answer(1)).toMatchObject({ seq: 26, choice: [1] })
  })

  it('sends the tail with keepalive when the page goes away', async () => {
    const server = new Server()
    const queue = build(server)
    queue.set(1, { choice: [1] })
    queue.flushOnExit()
    await pass(0)
    expect(server.batches).toEqual([{ answers: [{ slot: 1, seq: 1, choice: [1] }], lease: 'L1', keepalive: true }])
    expect(queue.state(1)).toBe('done')
  })

  it('drains for at most the time given', async () => {
    const server = new Server()
    server.mode = { status: 'offline' }
    const queue = build(server)
    queue.set(1, { choice: [1] })
    const stuck = queue.drain(8000)
    await pass(8000)
    expect(await stuck).toBe(false)
    server.mode = 'ok'
    const drained = queue.drain(8000)
    await pass(200)
    expect(await drained).toBe(true)
  })

  it('asks again every 8 s while suspended, and never gives a seq out twice', async () => {
    const server = new Server()
    server.mode = { status: 'suspended' }
    const queue = build(server)
    queue.set(1, { choice: [1] })
    await pass(debounceMs)
    await pass(16_000)
    expect(server.batches).toHaveLength(3)
    server.mode = 'ok'
    await pass(8000)
    expect(queue.state(1)).toBe('done')
    const seqs = new Set<number>()
    for (let n = 0; n < 50; n++) {
      queue.set((n % 5) + 1, { choice: [n] })
      const seq = queue.answer((n % 5) + 1)!.seq
      expect(seqs.has(seq)).toBe(false)
      seqs.add(seq)
    }
  })
})

describe('isAnswered', () => {
  it.each([
    [undefined, false],
    [{}, false],
    [{ choice: [] }, false],
    [{ choice: [2] }, true],
    [{ text: ['', ' '] }, false],
    [{ text: ['', '24'] }, true],
  ])('%j is %s', (answer, wanted) => expect(isAnswered(answer)).toBe(wanted))
})
