/**
 * Words of the app in three languages, loaded per language and per area, so that a learner's phone
 * never loads the trainers' words. An area is a file `<lang>/<area>.json`; its keys start with the area's name.
 */
import { ref, shallowRef } from 'vue'
import { createI18n } from 'vue-i18n'
import { readPref, writePref } from '@/lib/prefs'
import type { Lang } from '@/lib/when'

export const languages: { code: Lang; name: string }[] = [
  { code: 'zh-CN', name: '简体中文' },
  { code: 'zh-TW', name: '繁體中文' },
  { code: 'en', name: 'English' },
]

export const i18n = createI18n({
  legacy: false,
  locale: 'zh-CN',
  fallbackLocale: false,
  missingWarn: import.meta.env.DEV,
  messages: {},
})

/** The language shown now; kits and dates follow it. */
export const lang = ref<Lang>('zh-CN')
/** Called with each new language; the shells add their kit's locale. */
export const kitLocale = shallowRef<((lang: Lang) => Promise<void>)[]>([])

const files = import.meta.glob<Record<string, unknown>>('./*/*.json', { import: 'default' })
const areas = new Set<string>()
const loaded = new Set<string>()

async function load(code: Lang, area: string): Promise<void> {
  const path = `./${code}/${area}.json`
  if (loaded.has(path)) return
  const file = files[path]
  if (!file) throw new Error(`no words for ${path}`)
  const words = await file()
  i18n.global.mergeLocaleMessage(code, { [area]: words })
  loaded.add(path)
}

/** Makes an area's words ready in the language shown; routes name theirs in `meta.words`. */
export async function useWords(...names: string[]): Promise<void> {
  names.forEach((name) => areas.add(name))
  await Promise.all(names.map((name) => load(lang.value, name)))
}

export async function setLanguage(code: Lang): Promise<void> {
  await Promise.all([...areas].map((area) => load(code, area)))
  await Promise.all(kitLocale.value.map((follow) => follow(code)))
  i18n.global.locale.value = code
  lang.value = code
  writePref('lang', code)
  document.documentElement.lang = code
}

/** Registers a kit's locale switch and brings it to the language shown. */
export async function followLanguage(follow: (lang: Lang) => Promise<void>): Promise<void> {
  if (kitLocale.value.includes(follow)) return
  kitLocale.value = [...kitLocale.value, follow]
  await follow(lang.value)
}

/** The person's choice, else the device's language, else simplified Chinese. */
export function preferredLanguage(): Lang {
  const chosen = readPref('lang')
  const known = languages.find((one) => one.code === chosen)
  if (known) return known.code
  for (const tag of navigator.languages ?? [navigator.language]) {
    if (/^zh(-Hant|.*-(TW|HK|MO))/i.test(tag)) return 'zh-TW'
    if (/^zh/i.test(tag)) return 'zh-CN'
    if (/^en/i.test(tag)) return 'en'
  }
  return 'zh-CN'
}
