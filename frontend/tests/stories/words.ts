/** The app's own words, so that a story names a button by what it means and not by one wording of it. */
import { readFileSync } from 'node:fs'
import path from 'node:path'

export type Lang = 'zh-CN' | 'zh-TW' | 'en'
type Tree = { [key: string]: string | Tree }

const loaded = new Map<string, Tree>()

function area(lang: Lang, name: string): Tree {
  const key = lang + '/' + name
  if (!loaded.has(key)) loaded.set(key, JSON.parse(readFileSync(path.join(import.meta.dirname, '../../src/i18n', lang, name + '.json'), 'utf8')))
  return loaded.get(key)!
}

/** The sentence of a key in zh-CN (or another language), with its {arguments} filled in. */
export function say(key: string, args: Record<string, string | number> = {}, lang: Lang = 'zh-CN'): string {
  const [first, ...rest] = key.split('.')
  const text = rest.reduce<string | Tree | undefined>((at, part) => (typeof at === 'object' ? at[part] : undefined), area(lang, first))
  if (typeof text !== 'string') throw new Error(`no words for ${key} in ${lang}`)
  return text.replace(/\{(\w+)\}/g, (_, name) => String(args[name] ?? `{${name}}`)).split(' | ')[0]
}

/** A sentence whose arguments are not known to the story: matches with anything in their place. */
export function like(key: string, lang: Lang = 'zh-CN'): RegExp {
  const parts = say(key, {}, lang).split(/\{\w+\}/)
  return new RegExp(parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.+?'))
}
