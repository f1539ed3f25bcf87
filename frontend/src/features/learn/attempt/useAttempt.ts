/**
 * One running attempt: paper, answers on the device, the server's deadline, and what stands in the way.
 * The rules of saving live in lib/answerQueue.ts; this file only joins them to the page and the API.
 */
import { computed, onBeforeUnmount, ref, shallowRef, triggerRef } from 'vue'
import { api, ok } from '@/api/client'
import { ApiError, isApiError, isStatus, NetworkError } from '@/api/errors'
import { me, signedIn } from '@/api/session'
import { serverClock, serverNow } from '@/api/time'
import type { Attempt, PaperItem } from '@/api/types'
import { AnswerQueue, isAnswered, type Acknowledged, type Verdict } from '@/lib/answerQueue'
import { answerStore, type AnswerStore, type AttemptBox } from '@/lib/answerStore'
import { backoffMs } from '@/lib/backoff'

export type Phase = 'loading' | 'ready' | 'takeover' | 'readonly' | 'suspended' | 'submitting' | 'done' | 'error'

/**
 * Each 15 s the app gives a sign of life: the monitor counts who was heard of within 40 s as connected. The
 * answer tells the deadline and the state; the whole attempt is read again only when one of them moved.
 */
const beatMs = 15_000

const over = ['submitted', 'expired', 'graded', 'final', 'voided']

/** What a refused save means. Codes are the server's (quiz/attempt.go). */
function verdict(error: unknown): Verdict {
  if (error instanceof NetworkError) return { status: 'offline' }
  if (!(error instanceof ApiError)) return { status: 'offline' }
  if (error.status === 401) return { status: 'signedOut' }
  if (error.code === 'attempt.stale_lease' || error.code === 'attempt.lease_missing') return { status: 'stale' }
  if (error.code === 'attempt.suspended') return { status: 'suspended' }
  if (error.status === 409 || error.status === 404 || error.status === 410) return { status: 'closed' }
  if (error.status === 429 || error.status >= 500) return { status: 'busy', retryAfterMs: error.retryAfterMs }
  return { status: 'refused' }
}

export function useAttempt(id: number) {
  const phase = ref<Phase>('loading')
  const error = shallowRef<unknown>(null)
  const view = shallowRef<Attempt | null>(null)
  const items = shallowRef<PaperItem[]>([])
  const deadline = ref(0)
  const queue = shallowRef<AnswerQueue | null>(null)
  const durable = ref(true)
  /** How the attempt ended: by hand or because time was up. */
  const ended = ref<'hand' | 'auto'>('hand')
  const submitError = shallowRef<unknown>(null)
  /** Time given back or added while the page was open, told for a minute. */
  const granted = ref<{ kind: 'outage' | 'extension'; ms: number } | null>(null)
  let store: AnswerStore | null = null
  let beating = 0
  let gone = false

  const path = { params: { path: { id } } }
  const readBeat = () => ok(api.GET('/api/v1/attempts/{id}/beat', path))
  const readView = () => ok(api.GET('/api/v1/attempts/{id}', path))

  async function load(): Promise<void> {
    phase.value = 'loading'
    error.value = null
    try {
      store ??= await answerStore()
      durable.value = store.durable
      const box = await store.load(id).catch(() => null)
      const mine = box && box.personId === me.value?.person.id ? box : null
      const now = await readView()
      take(now)
      if (over.includes(now.state)) return finish(now)
      if (now.state === 'suspended') return hold()
      await enter(now, mine)
    } catch (cause) {
      error.value = cause
      phase.value = 'error'
    }
  }

  function take(now: Attempt) {
    const before = view.value
    if (before && now.outageMs > before.outageMs) grant('outage', now.outageMs - before.outageMs)
    else if (before && now.extensionMs > before.extensionMs) grant('extension', now.extensionMs - before.extensionMs)
    view.value = now
    deadline.value = Date.parse(now.deadlineAt)
    serverClock.hint(Date.parse(now.serverTime))
  }

  function grant(kind: 'outage' | 'extension', ms: number) {
    granted.value = { kind, ms }
    window.setTimeout(() => (granted.value = null), 60_000)
  }

  /** Into the paper: with the lease this device holds, else the one the server gives to its own sign-in. */
  async function enter(now: Attempt, box: AttemptBox | null, takenOver = false): Promise<void> {
    let lease = box?.lease ?? ''
    let paper = now.paper ?? (box?.paper as Attempt['paper'])
    if (!lease || !paper) {
      const started = await ok(api.POST('/api/v1/contests/{id}/attempts', { params: { path: { id: now.contestId } } }))
      lease = started.lease || lease
      paper = started.paper ?? paper
    }
    if (!lease || !paper?.items?.length) {
      phase.value = 'takeover'
      return
    }
    open(now, { ...(box ?? blank(now)), lease, paper }, takenOver)
  }

  const blank = (now: Attempt): AttemptBox => ({
    attemptId: id,
    contestId: now.contestId,
    personId: me.value?.person.id ?? 0,
    lease: '',
    seq: 0,
    answers: [],
    marks: [],
    conflicts: [],
    touchedAt: Date.now(),
  })

  function open(now: Attempt, box: AttemptBox, takenOver: boolean) {
    items.value = (box.paper as { items: PaperItem[] }).items
    const next = new AnswerQueue(box, {
      store: store!,
      send: (answers, lease, keepalive) =>
        ok(api.PUT('/api/v1/attempts/{id}/answers', { params: { path: { id }, header: { 'X-Lease': lease } }, body: { answers }, keepalive })),
      verdict,
      setTimer: (run, ms) => window.setTimeout(run, ms),
      clearTimer: (timer) => clearTimeout(timer as number),
      onChange: changed,
      onAck: (ack: Acknowledged) => {
        serverClock.hint(Date.parse(ack.serverTime))
        deadline.value = Date.parse(ack.deadlineAt)
      },
    })
    queue.value = next
    next.adopt(now.answers, takenOver)
    next.resume()
    phase.value = 'ready'
    serverClock.start()
    clearInterval(beating)
    beating = window.setInterval(() => void beat(), beatMs)
  }

  function changed() {
    triggerRef(queue)
    const status = queue.value?.status
    if (status === 'stale' && phase.value !== 'done') phase.value = 'readonly'
    else if (status === 'suspended' && phase.value === 'ready') void refreshView()
    else if (status === 'closed' && phase.value !== 'done') void refreshView()
  }

  /** The sign of life; keeps going when the server is away. */
  async function beat(): Promise<void> {
    if (gone || phase.value === 'done') return
    try {
      const now = await readBeat()
      serverClock.hint(Date.parse(now.serverTime))
      const known = view.value
      if (!known || now.state !== known.state || now.deadlineAt !== known.deadlineAt || now.holdsLease !== known.holdsLease) await refreshView()
    } catch (cause) {
      if (isStatus(cause, 401) || isStatus(cause, 404)) error.value = cause
    }
  }

  /** Re-reads the attempt; keeps going when the server is away. */
  async function refreshView(): Promise<Attempt | null> {
    if (gone || phase.value === 'done') return view.value
    try {
      const now = await readView()
      take(now)
      if (over.includes(now.state)) finish(now)
      else if (now.state === 'suspended') hold()
      else if (phase.value === 'suspended') await load()
      return now
    } catch (cause) {
      if (isStatus(cause, 401) || isStatus(cause, 404)) error.value = cause
      return null
    }
  }

  function hold() {
    phase.value = 'suspended'
    clearInterval(beating)
    beating = window.setInterval(() => void beat(), 5000)
  }

  function finish(now: Attempt) {
    if (now.submitKind === 'auto' || now.state === 'expired') ended.value = 'auto'
    clearInterval(beating)
    queue.value?.stop()
    phase.value = 'done'
    // What was never stored stays on the device for the result page to show; the rest is not needed any more.
    if (queue.value && !queue.value.unsynced().length) void queue.value.written().then(() => store?.remove(id))
  }

  /** Takes the attempt over on this device; the other one turns read-only. */
  async function takeOver(): Promise<void> {
    const { lease } = await ok(api.POST('/api/v1/attempts/{id}/lease', path))
    const now = await readView()
    take(now)
    if (queue.value) {
      queue.value.adopt(now.answers, true)
      queue.value.renewLease(lease)
      phase.value = 'ready'
      return
    }
    await enter(now, { ...((await store?.load(id).catch(() => null)) ?? blank(now)), lease }, true)
  }

  /** Hands in with the unsynced tail; a lost network only delays it. */
  async function submit(kind: 'hand' | 'auto' = 'hand'): Promise<void> {
    const q = queue.value
    if (!q || phase.value === 'submitting' || phase.value === 'done') return
    phase.value = 'submitting'
    ended.value = kind
    for (let n = 0; !gone; n++) {
      const tail = q.tail()
      try {
        const done = await ok(
          api.POST('/api/v1/attempts/{id}/submission', {
            params: { path: { id }, header: { 'X-Lease': q.lease } },
            body: tail.length ? { answers: tail } : {},
          }),
        )
        q.markAllStored(done.saved)
        submitError.value = null
        if (view.value) view.value = { ...view.value, state: done.state as Attempt['state'], submittedAt: done.submittedAt, submitKind: done.submitKind }
        return finish(view.value!)
      } catch (cause) {
        const { status, retryAfterMs } = verdict(cause)
        submitError.value = cause
        if (status === 'stale') {
          phase.value = 'readonly'
          return
        }
        if (status === 'closed') {
          await refreshView()
          if ((phase.value as Phase) !== 'done') phase.value = 'ready'
          return
        }
        if (status !== 'offline' && status !== 'busy') {
          phase.value = 'ready'
          return
        }
        await new Promise((resolve) => setTimeout(resolve, backoffMs(n, retryAfterMs)))
      }
    }
  }

  /** Zero on the clock: an extension may have come meanwhile, so the server is asked first. */
  async function timeUp(): Promise<void> {
    if (phase.value !== 'ready') return
    await queue.value?.flush()
    const now = await refreshView()
    if (phase.value !== 'ready' || (now && Date.parse(now.deadlineAt) > serverNow())) return
    await submit('auto')
  }

  const away = () => {
    if (document.visibilityState === 'hidden') queue.value?.flushOnExit()
    else {
      void serverClock.sync()
      queue.value?.resume()
      if (phase.value === 'ready') void refreshView()
    }
  }
  const leave = () => queue.value?.flushOnExit()
  const back = () => {
    void serverClock.sync()
    queue.value?.resume()
  }
  document.addEventListener('visibilitychange', away)
  window.addEventListener('pagehide', leave)
  window.addEventListener('online', back)
  onBeforeUnmount(() => {
    gone = true
    clearInterval(beating)
    document.removeEventListener('visibilitychange', away)
    window.removeEventListener('pagehide', leave)
    window.removeEventListener('online', back)
    if (signedIn.value) queue.value?.flushOnExit()
    queue.value?.stop()
    serverClock.stop()
  })

  const status = computed(() => queue.value?.status ?? 'online')
  const unsynced = computed(() => queue.value?.unsynced() ?? [])
  const unanswered = computed(() => items.value.filter((item) => !isAnswered(queue.value?.answer(item.slot))))
  const forbidden = (cause: unknown) => isApiError(cause, 'attempt.takeover_forbidden')

  return { phase, error, view, items, deadline, queue, durable, ended, granted, submitError, status, unsynced, unanswered, load, takeOver, submit, timeUp, forbidden }
}
