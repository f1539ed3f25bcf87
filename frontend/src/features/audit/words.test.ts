import { describe, expect, it } from 'vitest'
import { actText, changes, objectText } from './words'

const known = new Set(['audit.noun.contest', 'audit.verb.publish', 'audit.act.session_fail'])
const words = { t: (key: string, args?: Record<string, unknown>) => (args ? Object.values(args).join(' ') : key), te: (key: string) => known.has(key) }

describe('records in words', () => {
  it('joins noun and verb, prefers the whole, and falls back to the code', () => {
    expect(actText('contest.publish', words)).toBe('audit.noun.contest audit.verb.publish')
    expect(actText('session.fail', words)).toBe('audit.act.session_fail')
    expect(actText('rocket.launch', words)).toBe('rocket.launch')
  })
  it('names objects by kind and number', () => {
    expect([objectText('contest', 7, words), objectText('board', 0, words), objectText('', 0, words)]).toEqual(['audit.noun.contest 7', 'board', '—'])
  })
  it('lists only what changed', () => {
    expect(changes({ a: 1, b: 2 }, { a: 1, b: 3, c: [1] })).toEqual([{ field: 'b', before: '2', after: '3' }, { field: 'c', before: '', after: '[1]' }])
    expect(changes(undefined, 'x')).toEqual([{ field: '', before: '', after: 'x' }])
    expect(changes(undefined, undefined)).toEqual([])
  })
})
