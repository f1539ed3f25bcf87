/**
 * The queue that never loses an answer (rules-contest.md 5.2). Every change gets a seq and is written to the
 * device before it is sent; a slot counts as stored only after the server's receipt for its newest seq.
 * Sending is idempotent, so when in doubt it sends again.
 */
import { backoffMs } from './backoff'
import type { AnswerStore, AttemptBox, Conflict, LocalAnswer } from './answerStore'

export type SlotState = 'none' | 'busy' | 'done'

/**
 * online: all is well · offline: no answer from the server · busy: the server asked to wait ·
 * stale: another device took over · closed: the attempt takes no more answers ·
 * suspended: an invigilator stopped it · signedOut: the session ended · refused: the server rejects an answer.
 */
export type QueueStatus = 'online' | 'offline' | 'busy' | 'stale' | 'closed' | 'suspended' | 'signedOut' | 'refused'

export interface Outgoing {
  slot: number
  seq: number
  choice?: number[]
  text?: string[]
}

export interface Acknowledged {
  saved: { slot: number; seq: number; receipt: string }[]
  serverTime: string
  deadlineAt: string
}

/** What a failed send means to the queue; `verdict` in the page maps errors to this. */
export interface Verdict {
  status: Exclude<QueueStatus, 'online'>
  retryAfterMs?: number
}

export interface QueueDeps {
  store: AnswerStore
  send: (answers: Outgoing[], lease: string, keepalive: boolean) => Promise<Acknowledged>
  verdict: (error: unknown) => Verdict
  setTimer: (run: () => void, ms: number) => unknown
  clearTimer: (timer: unknown) => void
  random?: () => number
  now?: () => number
  onChange?: () => void
  onAck?: (ack: Acknowledged) => void
}

export const debounceMs = 400
const batchLimit = 200
/** A suspended attempt is asked about at this pace; its answers wait on the device. */
const suspendedRetryMs = 8000

export class AnswerQueue {
  status: QueueStatus = 'online'
  /** The error behind the status, for the page to show. */
  lastError: unknown = null
  private readonly inFlight = new Map<number, number>()
  private timer: unknown = null
  private attempt = 0
  private sending: Promise<void> | null = null
  private writing: Promise<void> = Promise.resolve()
  private stopped = false

  constructor(
    readonly box: AttemptBox,
    private readonly deps: QueueDeps,
  ) {}

  get lease(): string {
    return this.box.lease
  }

  answer(slot: number): LocalAnswer | undefined {
    return this.box.answers.find((one) => one.slot === slot)
  }

  state(slot: number): SlotState {
    const answer = this.answer(slot)
    if (!answer || answer.seq === 0) return 'none'
    if (answer.ackedSeq >= answer.seq) return 'done'
    return this.inFlight.get(slot) === answer.seq ? 'busy' : 'none'
  }

  /** Answers the server has not acknowledged in their newest form. */
  unsynced(): LocalAnswer[] {
    return this.box.answers.filter((answer) => answer.ackedSeq < answer.seq)
  }

  /** Records a change on the device and sends it 400 ms after the last one. */
  set(slot: number, value: { choice?: number[]; text?: string[] }): void {
    if (this.closedForGood) return
    this.box.seq += 1
    const answer = this.answer(slot)
    const next: LocalAnswer = { slot, seq: this.box.seq, ackedSeq: answer?.ackedSeq ?? 0, receipt: answer?.receipt, savedAt: answer?.savedAt, ...value }
    if (answer) this.box.answers[this.box.answers.indexOf(answer)] = next
    else this.box.answers.push(next)
    this.box.conflicts = this.box.conflicts.filter((conflict) => conflict.slot !== slot)
    void this.persist()
    // While the server is away the next try is already set; a change does not hurry it.
    if (this.status === 'online' || this.status === 'refused') this.schedule(debounceMs)
    this.changed()
  }

  toggleMark(slot: number): void {
    const at = this.box.marks.indexOf(slot)
    if (at >= 0) this.box.marks.splice(at, 1)
    else this.box.marks.push(slot)
    void this.persist()
    this.changed()
  }

  /**
   * Takes what the server has. Its newer answers win; an unsynced answer of this device that differs from a
   * newer one becomes a conflict for the person to settle, and is never thrown away. After a takeover the other
   * device counted its seqs by itself: then whatever differs and is not ours is a conflict, whichever seq is higher.
   */
  adopt(stored: { slot: number; seq: number; choice?: number[]; text?: string[]; receipt?: string; savedAt?: string }[], takenOver = false): void {
    for (const theirs of stored) {
      const mine = this.answer(theirs.slot)
      this.box.seq = Math.max(this.box.seq, theirs.seq)
      const foreign = takenOver && !!mine && mine.ackedSeq < mine.seq && theirs.seq !== mine.ackedSeq && !same(mine, theirs)
      if (mine && mine.seq > theirs.seq && !foreign) continue
      if (mine && mine.seq === theirs.seq && same(mine, theirs)) {
        mine.ackedSeq = mine.seq
        mine.receipt = theirs.receipt ?? mine.receipt
        continue
      }
      if (mine && (foreign || mine.ackedSeq < mine.seq) && !same(mine, theirs)) this.keepConflict(mine)
      const taken: LocalAnswer = { ...theirs, ackedSeq: theirs.seq }
      if (mine) this.box.answers[this.box.answers.indexOf(mine)] = taken
      else this.box.answers.push(taken)
    }
    void this.persist()
    this.changed()
  }

  private keepConflict(mine: LocalAnswer): void {
    const conflict: Conflict = { slot: mine.slot, choice: mine.choice, text: mine.text }
    this.box.conflicts = [...this.box.conflicts.filter((one) => one.slot !== mine.slot), conflict]
  }

  /** Settles a conflict: `mine` is sent as a new change, `theirs` stays. */
  settle(slot: number, which: 'mine' | 'theirs'): void {
    const conflict = this.box.conflicts.find((one) => one.slot === slot)
    if (!conflict) return
    this.box.conflicts = this.box.conflicts.filter((one) => one !== conflict)
    if (which === 'mine') this.set(slot, { choice: conflict.choice, text: conflict.text })
    else {
      void this.persist()
      this.changed()
    }
  }

  /** A new lease after a takeover: what was stale may be sent again. */
  renewLease(lease: string): void {
    this.box.lease = lease
    this.stopped = false
    this.status = 'online'
    this.attempt = 0
    void this.persist()
    if (this.unsynced().length) this.schedule(0)
    this.changed()
  }

  /** Goes on after reload, sign-in or a wake-up: sends at once what is waiting. */
  resume(): void {
    if (this.closedForGood) return
    this.stopped = false
    this.attempt = 0
    if (this.unsynced().length) this.schedule(0)
  }

  /** Sends everything unsynced now; resolves when that one try is over. */
  flush(): Promise<void> {
    this.cancelTimer()
    return this.sendOnce()
  }

  /** The page is going away: one last try that outlives it. A duplicate is harmless. */
  flushOnExit(): void {
    const tail = this.unsynced()
    if (!tail.length || this.closedForGood) return
    void this.deps.send(tail.slice(0, batchLimit).map(outgoing), this.box.lease, true).then(
      (ack) => this.acknowledge(ack, tail),
      () => undefined,
    )
  }

  /** Waits until nothing is unsynced, at most `ms`; says whether that was reached. */
  async drain(ms: number): Promise<boolean> {
    if (!this.unsynced().length) return true
    void this.flush()
    return new Promise((resolve) => {
      let done = false
      let poll: unknown = null
      const limit = this.deps.setTimer(() => finish(false), ms)
      const finish = (reached: boolean) => {
        if (done) return
        done = true
        this.deps.clearTimer(limit)
        this.deps.clearTimer(poll)
        resolve(reached)
      }
      const look = () => {
        if (!this.unsynced().length) finish(true)
        else if (this.closedForGood) finish(false)
        else if (!done) poll = this.deps.setTimer(look, 100)
      }
      look()
    })
  }

  /** The tail that a submission carries. */
  tail(): Outgoing[] {
    return this.unsynced().slice(0, batchLimit).map(outgoing)
  }

  /** After the server took the tail with the submission. */
  markAllStored(saved: { slot: number; seq: number; receipt: string }[] = []): void {
    this.stop()
    for (const answer of this.box.answers) {
      answer.ackedSeq = answer.seq
      answer.receipt = saved.find((one) => one.slot === answer.slot)?.receipt ?? answer.receipt
    }
    this.changed()
  }

  stop(): void {
    this.stopped = true
    this.cancelTimer()
  }

  /** Resolves when everything recorded so far is on the device. */
  written(): Promise<void> {
    return this.writing
  }

  private get closedForGood(): boolean {
    return this.status === 'stale' || this.status === 'closed'
  }

  private schedule(ms: number): void {
    if (this.stopped || this.closedForGood) return
    this.cancelTimer()
    this.timer = this.deps.setTimer(() => {
      this.timer = null
      void this.sendOnce()
    }, ms)
  }

  private cancelTimer(): void {
    if (this.timer !== null) this.deps.clearTimer(this.timer)
    this.timer = null
  }

  private sendOnce(): Promise<void> {
    this.sending ??= this.sendBatch().finally(() => (this.sending = null))
    return this.sending
  }

  private async sendBatch(): Promise<void> {
    // The seq must be on the device before the server can know it, or a reload could give it out twice.
    await this.writing
    const batch = this.unsynced().slice(0, batchLimit)
    if (!batch.length || this.stopped || this.closedForGood) return
    batch.forEach((answer) => this.inFlight.set(answer.slot, answer.seq))
    this.changed()
    try {
      const ack = await this.deps.send(batch.map(outgoing), this.box.lease, false)
      this.inFlight.clear()
      this.attempt = 0
      this.status = 'online'
      this.lastError = null
      this.acknowledge(ack, batch)
    } catch (error) {
      this.inFlight.clear()
      this.failed(error)
    }
    this.changed()
  }

  private acknowledge(ack: Acknowledged, sent: LocalAnswer[]): void {
    for (const { slot, seq, receipt } of ack.saved) {
      const answer = this.answer(slot)
      const was = sent.find((one) => one.slot === slot)
      if (!answer || !was) continue
      this.box.seq = Math.max(this.box.seq, seq)
      if (seq > was.seq && seq >= answer.seq) {
        // The server holds a newer seq than we gave: ours was not applied and goes again under a higher one.
        this.box.seq += 1
        answer.seq = this.box.seq
      } else {
        answer.ackedSeq = Math.max(answer.ackedSeq, Math.min(seq, answer.seq))
        if (answer.ackedSeq === answer.seq) {
          answer.receipt = receipt
          answer.savedAt = ack.serverTime
        }
      }
    }
    this.deps.onAck?.(ack)
    void this.persist()
    if (this.unsynced().length) this.schedule(debounceMs)
    this.changed()
  }

  private failed(error: unknown): void {
    const verdict = this.deps.verdict(error)
    this.status = verdict.status
    this.lastError = error
    switch (verdict.status) {
      case 'offline':
      case 'busy':
        this.schedule(backoffMs(this.attempt, verdict.retryAfterMs, this.deps.random))
        this.attempt += 1
        break
      case 'suspended':
        this.schedule(suspendedRetryMs)
        break
      default:
        this.cancelTimer()
    }
  }

  private persist(): Promise<void> {
    this.box.touchedAt = this.deps.now?.() ?? Date.now()
    const snapshot: AttemptBox = JSON.parse(JSON.stringify(this.box))
    // One after another: the newest state is the one that stays. A full disk must not stop the sending.
    this.writing = this.writing.then(() => this.deps.store.save(snapshot)).catch(() => undefined)
    return this.writing
  }

  private changed(): void {
    this.deps.onChange?.()
  }
}

function outgoing(answer: LocalAnswer): Outgoing {
  const out: Outgoing = { slot: answer.slot, seq: answer.seq }
  if (answer.choice) out.choice = answer.choice
  if (answer.text) out.text = answer.text
  return out
}

function same(a: { choice?: number[]; text?: string[] }, b: { choice?: number[]; text?: string[] }): boolean {
  return JSON.stringify([a.choice ?? [], a.text ?? []]) === JSON.stringify([b.choice ?? [], b.text ?? []])
}

/** Whether anything was answered: an emptied answer counts as not answered. */
export function isAnswered(answer: { choice?: number[]; text?: string[] } | undefined): boolean {
  if (!answer) return false
  return !!answer.choice?.length || !!answer.text?.some((text) => text.trim() !== '')
}
