import { describe, expect, it } from 'vitest'

const files = import.meta.glob<Record<string, unknown>>('./*/*.json', { eager: true, import: 'default' })

function keys(value: unknown, prefix = ''): string[] {
  if (typeof value !== 'object' || value === null) return [prefix]
  return Object.entries(value).flatMap(([key, inner]) => keys(inner, prefix ? prefix + '.' + key : key))
}

function sentences(value: unknown): string[] {
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(sentences) : [String(value)]
}

const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort()

function at(value: unknown, path: string): string {
  return String(path.split('.').reduce<unknown>((inner, key) => (inner as Record<string, unknown>)[key], value))
}

const areas = Object.keys(files)
  .filter((path) => path.startsWith('./zh-CN/'))
  .map((path) => path.slice('./zh-CN/'.length))

describe('words', () => {
  it('has the same areas in every language', () => {
    for (const lang of ['zh-TW', 'en']) {
      expect(Object.keys(files).filter((path) => path.startsWith(`./${lang}/`)).map((path) => path.slice(lang.length + 3)).sort()).toEqual([...areas].sort())
    }
  })

  it.each(areas.flatMap((area) => ['zh-TW', 'en'].map((lang) => [lang, area])))('%s %s has the keys and placeholders of zh-CN', (lang, area) => {
    const source = files[`./zh-CN/${area}`]
    const target = files[`./${lang}/${area}`]
    expect(keys(target).sort()).toEqual(keys(source).sort())
    for (const key of keys(source)) expect([key, placeholders(at(target, key))]).toEqual([key, placeholders(at(source, key))])
  })

  it.each(areas)('en %s is in English and zh-TW %s is not simplified', (area) => {
    expect(sentences(files[`./en/${area}`]).filter((text) => /[\u4e00-\u9fff]/.test(text))).toEqual([])
    // Characters that exist only in the simplified set and that this app uses.
    const simplified = /[发务设读说项题员时间会这录错练将电脑闭网络单开关问难规则权现页显选阅资应无对从进还过书两东]/
    expect(sentences(files[`./zh-TW/${area}`]).filter((text) => simplified.test(text))).toEqual([])
  })

  it.each(Object.keys(files))('%s never shouts or mixes 您 in', (path) => {
    expect(sentences(files[path]).filter((text) => /[！!]|您|亲/.test(text))).toEqual([])
  })
})
