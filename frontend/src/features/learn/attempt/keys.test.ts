import { describe, expect, it } from 'vitest'
import type { PaperItem } from '@/api/types'
import { actOf } from './keys'
import { answerWords, letter, lettersOf, stemPieces } from './question'

const here = { writing: false, truefalse: false, enabled: true }

describe('keys', () => {
  it.each([
    [{ key: 'a' }, here, { kind: 'option', index: 0 }],
    [{ key: 'F' }, here, { kind: 'option', index: 5 }],
    [{ key: '3' }, here, { kind: 'option', index: 2 }],
    [{ key: 'ArrowRight' }, here, { kind: 'next' }],
    [{ key: 'm' }, here, { kind: 'mark' }],
    [{ key: 'f' }, { ...here, truefalse: true }, { kind: 'truth', value: false }],
    [{ key: 'a' }, { ...here, writing: true }, null],
    [{ key: 'a' }, { ...here, enabled: false }, null],
    [{ key: 'g', ctrlKey: true }, here, null],
    [{ key: 'Enter', ctrlKey: true }, { ...here, writing: true }, { kind: 'submit' }],
    [{ key: 'z' }, here, null],
  ])('%j', (press, context, wanted) => expect(actOf(press, context)).toEqual(wanted))
})

describe('stem', () => {
  it('is cut at its blanks', () => {
    expect(stemPieces('应当在____小时内向（  ）报告。').map((piece) => piece.blank || piece.text)).toEqual(['应当在', 1, '小时内向', 2, '报告。'])
    expect(stemPieces('没有空')).toEqual([{ text: '没有空', blank: 0 }])
  })
  it('names options', () => {
    expect(letter(3)).toBe('D')
    expect(lettersOf([3, 1], [{ id: 1 }, { id: 2 }, { id: 3 }])).toEqual(['A', 'C'])
  })
  it('tells an answer of each kind in short', () => {
    const options = [{ id: 1, text: '' }, { id: 2, text: '' }, { id: 3, text: '' }]
    const of = (kind: PaperItem['kind'], value: { choice?: number[]; text?: string[] }) => answerWords({ slot: 1, kind, stem: '', points: 1, options }, value)
    expect(of('multiple', { choice: [3, 1] })).toEqual(['A', 'C'])
    expect(of('matching', { choice: [2, 0, 2] })).toEqual(['1-B', '3-B'])
    expect(of('ordering', { choice: [3, 1, 2] })).toEqual(['C → A → B'])
    expect(of('essay', { text: [' 立即报告 '] })).toEqual(['立即报告'])
    expect(of('essay', { text: ['长'.repeat(40)] })[0]).toHaveLength(25)
    expect(of('fill', {})).toEqual([])
  })
})
