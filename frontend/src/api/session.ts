/** Who is signed in, and on what site. Module-level refs: there is one session in a browser tab. */
import { computed, ref, shallowRef } from 'vue'
import { zone } from '@/i18n/when'
import { readPref, writePref } from '@/lib/prefs'
import { api, ok } from './client'
import { serverClock } from './time'
import { keepToken, onSessionLost, refresh, type SessionAnswer } from './token'
import type { Me, Site } from './types'

export const site = shallowRef<Site | null>(null)
export const me = shallowRef<Me | null>(null)
/** The session ended while the page was open; the sign-in page says so. */
export const expired = ref(false)

export const signedIn = computed(() => me.value !== null)
export const mode = computed(() => me.value?.mode ?? site.value?.mode ?? 'quick')

/** Whether the person holds a right somewhere (which units, the server decides). */
export function can(right: string | readonly string[] | undefined): boolean {
  if (!right) return true
  const held = me.value?.rights ?? []
  return typeof right !== 'string' ? right.some((one) => held.includes(one)) : held.includes(right)
}

/** Whether this browser has signed in before: without it there is no cookie to try, and no 401 to log. */
const remember = (on: boolean) => writePref('session', on ? '1' : '0')

onSessionLost(() => {
  remember(false)
  me.value = null
  expired.value = true
})

export async function loadSite(): Promise<void> {
  const answer = await ok(api.GET('/api/v1/site'))
  site.value = answer
  if (answer.timeZone) zone.value = answer.timeZone
  serverClock.hint(Date.parse(answer.serverTime))
}

let restoring: Promise<void> | null = null

/** At start: the site, and the session the refresh cookie still opens. */
export function restore(): Promise<void> {
  restoring ??= (async () => {
    await loadSite()
    if (site.value?.setupNeeded || readPref('session') !== '1') return
    if (await refresh()) await loadMe()
    else remember(false)
  })().catch((error) => {
    restoring = null
    throw error
  })
  return restoring
}

export async function loadMe(): Promise<void> {
  me.value = await ok(api.GET('/api/v1/me'))
}

async function enter(answer: SessionAnswer): Promise<void> {
  keepToken(answer.accessToken)
  remember(true)
  expired.value = false
  await loadMe()
}

export async function signIn(username: string, password: string): Promise<void> {
  await enter(await ok(api.POST('/api/v1/sessions', { body: { username, password } })))
}

export async function activate(code: string, password: string): Promise<void> {
  await enter(await ok(api.POST('/api/v1/activations', { body: { code, password } })))
}

export interface SetUp {
  token: string
  siteName: string
  name: string
  username: string
  password: string
}

export async function setUp(input: SetUp): Promise<void> {
  const answer = await ok(api.POST('/api/v1/setup', { body: input }))
  await loadSite()
  await enter(answer)
}

export async function signOut(): Promise<void> {
  try {
    await ok(api.DELETE('/api/v1/sessions/current'))
  } finally {
    remember(false)
    keepToken(null)
    me.value = null
  }
}

/** Other sessions end; this one goes on under a new token. */
export async function changePassword(current: string, password: string): Promise<void> {
  await enter(await ok(api.PUT('/api/v1/me/password', { body: { current, password } })))
}
