/**
 * The access token lives in memory only; the refresh token is an HttpOnly cookie this code never sees.
 * Many requests that meet 401 together cause one refresh.
 */
export interface SessionAnswer {
  accessToken: string
  expiresAt: string
  person: { id: number; name: string; unit: { id: number; name: string }; roles: string[] }
}

let token: string | null = null
let refreshing: Promise<boolean> | null = null
let lost: (() => void) | null = null

export const accessToken = () => token

export function keepToken(next: string | null): void {
  token = next
}

/** Called when the session is over for good. */
export function onSessionLost(handler: () => void): void {
  lost = handler
}

/** True when there is a token afterwards; false when the cookie no longer opens anything. Throws when offline. */
export function refresh(): Promise<boolean> {
  refreshing ??= renew().finally(() => (refreshing = null))
  return refreshing
}

async function renew(): Promise<boolean> {
  const response = await fetch('/api/v1/sessions/refresh', {
    method: 'POST',
    credentials: 'same-origin',
    headers: { Accept: 'application/json' },
  })
  if (response.ok) {
    token = ((await response.json()) as SessionAnswer).accessToken
    return true
  }
  // A busy or restarting server says nothing about the session.
  if (response.status >= 500 || response.status === 429) throw new TypeError('refresh refused')
  const had = token !== null
  token = null
  if (had) lost?.()
  return false
}
