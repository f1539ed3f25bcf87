/**
 * The monitor, live: counts come as events read with fetch (an EventSource cannot carry the bearer), a slow
 * poll brings the store's health and stands in while the stream is away. Numbers nobody could refresh are stale.
 */
import { computed, onBeforeUnmount, ref, shallowRef, watch, type Ref } from 'vue'
import { authFetch } from '@/api/client'
import { ApiError, toApiError } from '@/api/errors'
import { serverNow } from '@/api/time'
import { findMonitor, type Health, type MonitorView } from '../queries'

const pollEvery = 5_000
/** The stream beats every 15 s; after this long without a word from anywhere the numbers are old. */
const staleAfter = 20_000
const silentAfter = 40_000

export function useMonitor(id: Ref<number>, allowed: boolean) {
  const view = shallowRef<MonitorView | null>(null)
  const health = shallowRef<Health | null>(null)
  const error = ref<unknown>(null)
  const heardAt = ref(0)
  const now = ref(serverNow())
  const live = ref(false)
  /** Moves with each change, so that the names are read again. */
  const version = ref(0)
  const stale = computed(() => view.value !== null && now.value - heardAt.value > staleAfter)

  let closed = false
  let control: AbortController | null = null
  let poller = 0
  let retry = 0
  let wait = 1_000

  function heard(next?: MonitorView) {
    heardAt.value = serverNow()
    if (!next) return
    if (view.value?.version !== next.version || !view.value) version.value++
    view.value = next
  }

  async function poll() {
    clearTimeout(poller)
    try {
      const next = await findMonitor(id.value)
      if (closed) return
      health.value = next.store
      heard(next)
      error.value = null
    } catch (cause) {
      error.value = cause
      if (refused(cause)) return
    }
    if (!closed) poller = window.setTimeout(() => void poll(), pollEvery)
  }

  async function stream() {
    control = new AbortController()
    const mine = control
    let silence = 0
    const listen = () => {
      clearTimeout(silence)
      silence = window.setTimeout(() => mine.abort(), silentAfter)
    }
    try {
      const request = new Request(`${location.origin}/api/v1/contests/${id.value}/monitor/stream`, { headers: { Accept: 'text/event-stream' }, signal: mine.signal, credentials: 'same-origin', cache: 'no-store' })
      const response = await authFetch(request)
      if (!response.ok || !response.body) throw await toApiError(response)
      live.value = true
      wait = 1_000
      listen()
      await read(response.body, (name, data) => {
        listen()
        heard(name === 'snapshot' ? { ...(JSON.parse(data) as MonitorView), store: health.value ?? (JSON.parse(data) as MonitorView).store } : undefined)
      })
    } catch (cause) {
      if (refused(cause)) closed = true
      wait = Math.min(30_000, wait * 2)
    } finally {
      clearTimeout(silence)
      live.value = false
    }
    if (!closed && mine === control) retry = window.setTimeout(() => void stream(), wait)
  }

  function start() {
    clearTimeout(retry)
    control?.abort()
    void poll()
    void stream()
  }
  if (allowed) watch(id, start, { immediate: true })
  const tick = window.setInterval(() => (now.value = serverNow()), 1_000)

  onBeforeUnmount(() => {
    closed = true
    control?.abort()
    clearTimeout(poller)
    clearTimeout(retry)
    clearInterval(tick)
  })
  return { view, health, error, now, heardAt, live, stale, version, refresh: poll }
}

/** Refused for good: asking again would only be refused again. */
const refused = (cause: unknown) => cause instanceof ApiError && (cause.status === 403 || cause.status === 404)

/** Reads server-sent events until the stream ends. */
async function read(body: ReadableStream<Uint8Array>, on: (name: string, data: string) => void): Promise<void> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let text = ''
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    text += decoder.decode(value, { stream: true })
    let end: number
    while ((end = text.indexOf('\n\n')) >= 0) {
      const lines = text.slice(0, end).split('\n')
      text = text.slice(end + 2)
      const field = (name: string) => lines.filter((line) => line.startsWith(name + ':')).map((line) => line.slice(name.length + 1).trimStart()).join('\n')
      if (field('data')) on(field('event') || 'message', field('data'))
    }
  }
}
