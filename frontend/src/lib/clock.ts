/**
 * The server's clock seen from the browser. Five pings, the offset of the one with the shortest round trip
 * (rules-contest.md 5.2); the device's own clock may be hours wrong and nothing here minds.
 */
export interface Ping {
  sentAt: number
  receivedAt: number
  serverTime: number
}

/** Server time minus device time in ms, from the ping with the shortest round trip; null without pings. */
export function offsetOf(pings: Ping[]): { offset: number; roundTrip: number } | null {
  let best: { offset: number; roundTrip: number } | null = null
  for (const ping of pings) {
    const roundTrip = ping.receivedAt - ping.sentAt
    if (roundTrip < 0) continue
    // The answer was stamped about half a round trip before it arrived.
    if (!best || roundTrip < best.roundTrip) {
      best = { offset: ping.serverTime + roundTrip / 2 - ping.receivedAt, roundTrip }
    }
  }
  return best
}

export interface ClockDeps {
  /** Milliseconds that only move forward, e.g. performance.now. */
  monotonic: () => number
  /** Asks the server for its time. */
  ask: () => Promise<number>
  setTimer: (run: () => void, ms: number) => unknown
  clearTimer: (timer: unknown) => void
}

const pingsPerSync = 5
export const resyncMs = 60_000

/** A clock that follows the server: `now()` is server time in ms since 1970. */
export class ServerClock {
  private offset: number | null = null
  private timer: unknown = null
  private busy: Promise<boolean> | null = null

  constructor(
    private readonly deps: ClockDeps,
    private readonly fallback: () => number = () => Date.now(),
  ) {}

  /** Server time; before the first answer the device's clock is the best guess there is. */
  now(): number {
    return this.offset === null ? this.fallback() : this.deps.monotonic() + this.offset
  }

  get synced(): boolean {
    return this.offset !== null
  }

  /** A server time that came with another answer is as good as one ping when there is none yet. */
  hint(serverTime: number): void {
    if (this.offset === null) this.offset = serverTime - this.deps.monotonic()
  }

  /** Pings five times; keeps the last offset when the server cannot be reached. One round at a time. */
  sync(): Promise<boolean> {
    this.busy ??= this.measure().finally(() => (this.busy = null))
    return this.busy
  }

  private async measure(): Promise<boolean> {
    const pings: Ping[] = []
    for (let n = 0; n < pingsPerSync; n++) {
      const sentAt = this.deps.monotonic()
      try {
        const serverTime = await this.deps.ask()
        pings.push({ sentAt, receivedAt: this.deps.monotonic(), serverTime })
      } catch {
        break
      }
    }
    const best = offsetOf(pings)
    if (best) this.offset = best.offset
    return best !== null
  }

  /** Re-syncs every minute until stopped. */
  start(): void {
    this.stop()
    const again = () => {
      this.timer = this.deps.setTimer(() => {
        void this.sync().then(again)
      }, resyncMs)
    }
    void this.sync()
    again()
  }

  stop(): void {
    if (this.timer !== null) this.deps.clearTimer(this.timer)
    this.timer = null
  }
}
