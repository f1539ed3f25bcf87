/** The only way the app talks to the server: typed by schema.d.ts, which is generated from server/openapi.json. */
import createClient from 'openapi-fetch'
import { lang } from '@/i18n'
import { NetworkError, toApiError } from './errors'
import type { paths } from './schema'
import { accessToken, refresh } from './token'

/** fetch with the bearer and the language; on 401 refreshes once and tries again. */
export async function authFetch(request: Request): Promise<Response> {
  // Signing in answers 401 for a wrong password: that is not a session to renew.
  const renewable = accessToken() && !new URL(request.url).pathname.startsWith('/api/v1/sessions')
  const again = renewable ? request.clone() : null
  const response = await send(request)
  if (response.status !== 401 || !again) return response
  let renewed: boolean
  try {
    renewed = await refresh()
  } catch (cause) {
    throw new NetworkError(cause)
  }
  return renewed ? send(again) : response
}

async function send(request: Request): Promise<Response> {
  const token = accessToken()
  if (token) request.headers.set('Authorization', 'Bearer ' + token)
  request.headers.set('Accept-Language', lang.value)
  try {
    return await fetch(request)
  } catch (cause) {
    if ((cause as Error)?.name === 'AbortError') throw cause
    throw new NetworkError(cause)
  }
}

export const api = createClient<paths>({
  baseUrl: typeof location === 'undefined' ? 'http://localhost' : location.origin,
  credentials: 'same-origin',
  fetch: authFetch,
})

api.use({
  async onResponse({ response }) {
    if (!response.ok && response.status !== 304) throw await toApiError(response)
    return undefined
  },
})

/** The answer's data; refusals have already been thrown as ApiError. */
export async function ok<Data>(call: Promise<{ data?: Data; error?: unknown; response: Response }>): Promise<NonNullable<Data>> {
  const { data } = await call
  return data as NonNullable<Data>
}

/** A list as a whole: page after page of as many rows as the server gives at once. */
export async function whole<Row>(page: (query: { limit: number; cursor?: string }) => Promise<{ items: Row[]; nextCursor: string | null }>): Promise<{ items: Row[] }> {
  const items: Row[] = []
  let cursor: string | null = null
  do {
    const one: { items: Row[]; nextCursor: string | null } = await page(cursor ? { limit: 200, cursor } : { limit: 200 })
    items.push(...one.items)
    cursor = one.nextCursor
  } while (cursor)
  return { items }
}

/** Fetches a file with the session and hands it to the browser under `name`. */
export async function download(path: string, name: string): Promise<void> {
  const response = await authFetch(new Request(path, { credentials: 'same-origin' }))
  if (!response.ok) throw await toApiError(response)
  const url = URL.createObjectURL(await response.blob())
  const link = document.createElement('a')
  link.href = url
  link.download = name
  document.body.appendChild(link)
  link.click()
  link.remove()
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
