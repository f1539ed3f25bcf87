import { ServerClock } from '@/lib/clock'

/** Times an answer without credentials: GET /api/v1/time. */
async function ask(): Promise<number> {
  const response = await fetch('/api/v1/time', { cache: 'no-store' })
  if (!response.ok) throw new Error('time')
  const body = (await response.json()) as { serverTime: string }
  return Date.parse(body.serverTime)
}

/** The one clock of the app; timers read it, the server decides. */
export const serverClock = new ServerClock({
  monotonic: () => performance.now(),
  ask,
  setTimer: (run, ms) => setTimeout(run, ms),
  clearTimer: (timer) => clearTimeout(timer as number),
})

export const serverNow = () => serverClock.now()
