import { describe, expect, it } from 'vitest'
import { bars, codes, grave, reasons, type Item } from './analysis'

const groups = (hi: number, mid: number, lo: number) => ({ hi, mid, lo })
const item: Item = {
  questionId: 1, versionId: 1, part: 0, kind: 'single', stem: '题', expected: 60, attempts: 40, facility: 0.2, corrected: 0, deviation: 1, index: -20, efficiency: -30,
  weight: null, upperLower: -0.4, answers: groups(10, 20, 10), blank: groups(0, 0, 1),
  options: [
    { id: 1, text: '甲', key: true, picked: groups(1, 4, 5) },
    { id: 2, text: '乙', key: false, picked: groups(9, 15, 4) },
    { id: 3, text: '丙', key: false, picked: groups(0, 1, 0) },
  ],
  flags: [{ code: 'dead_distractor', option: 3 }, { code: 'wrong_key', option: 2 }],
}

describe('an item that looks wrong', () => {
  it('names the gravest flag first', () => {
    expect(codes(item)).toEqual(['wrong_key', 'dead_distractor'])
    expect(grave(item)).toBe(true)
    expect(grave({ ...item, flags: [] })).toBe(false)
  })
  it('says which option the best prefer, and how much', () => {
    expect(reasons(item)).toEqual([
      { key: 'analysis.why.dead_distractor', args: { option: '丙', share: '3%' } },
      { key: 'analysis.why.rival', args: { option: '乙', share: '90%', key: '甲', keyShare: '10%' } },
    ])
    expect(reasons({ ...item, flags: [{ code: 'wrong_key', option: 0 }] })[0]).toEqual({ key: 'analysis.why.wrong_key', args: { facility: '0.20', d: '-0.40' } })
  })
  it('shares each option out over the groups and counts the blanks', () => {
    const rows = bars(item, '未答')
    expect(rows.map((row) => [row.text, row.n])).toEqual([['甲', 10], ['乙', 28], ['丙', 1], ['未答', 1]])
    expect(rows[1]!.parts.map((part) => part.share)).toEqual([0.9, 0.75, 0.4])
  })
})
