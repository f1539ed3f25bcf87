/** Waiting times between tries: 0.5, 1, 2, 4, then 8 s, each ±30 % so that a hall does not retry in step. */
const steps = [500, 1000, 2000, 4000, 8000]
const spread = 0.3

/** Milliseconds to wait before try number `attempt` (0 = first retry); a server's Retry-After is never undercut. */
export function backoffMs(attempt: number, retryAfterMs = 0, random: () => number = Math.random): number {
  const base = steps[Math.min(Math.max(attempt, 0), steps.length - 1)]
  const jittered = base * (1 - spread + 2 * spread * random())
  // After a 503 the jitter comes on top, or everyone returns in the same instant.
  return Math.round(Math.max(jittered, retryAfterMs ? retryAfterMs * (1 + spread * random()) : 0))
}
