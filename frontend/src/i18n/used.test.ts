import { describe, expect, it } from 'vitest'

/** Every key written out in a page exists; keys put together at run time end in a dot and name a group. */
const sources = import.meta.glob<string>('../{app,features,ui}/**/*.{vue,ts}', { eager: true, query: '?raw', import: 'default' })
const words = import.meta.glob<Record<string, unknown>>('./zh-CN/*.json', { eager: true, import: 'default' })

const tree: Record<string, unknown> = Object.fromEntries(Object.entries(words).map(([path, value]) => [path.replace(/^.*\/|\.json$/g, ''), value]))
const find = (key: string) => key.split('.').reduce<unknown>((at, part) => (at && typeof at === 'object' ? (at as Record<string, unknown>)[part] : undefined), tree)

/** A whole key, the start of a group, or the start of numbered keys (`step` + n). */
function known(key: string): boolean {
  if (typeof find(key.replace(/\.$/, '')) === (key.endsWith('.') ? 'object' : 'string')) return true
  const group = find(key.slice(0, key.lastIndexOf('.')))
  const start = key.slice(key.lastIndexOf('.') + 1)
  return !!start && !!group && typeof group === 'object' && Object.keys(group).some((name) => new RegExp(`^${start}\\d+$`).test(name))
}

describe('keys in pages', () => {
  it('all exist', () => {
    const areas = Object.keys(tree).join('|')
    const missing: string[] = []
    for (const [path, text] of Object.entries(sources)) {
      if (path.endsWith('.test.ts')) continue
      for (const [, key] of text.matchAll(new RegExp(`['\`]((?:${areas})\\.[A-Za-z0-9_.]*)['\`]`, 'g'))) {
        if (!known(key)) missing.push(`${path}: ${key}`)
      }
    }
    expect(missing).toEqual([])
  })
})
