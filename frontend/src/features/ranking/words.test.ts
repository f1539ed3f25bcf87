import { describe, expect, it } from 'vitest'
import type { Band } from './types'
import { bandLimits, bandName, dated, duration, rate, score, scoreAmong } from './words'

const t = (key: string, args?: Record<string, unknown>) => key + (args ? JSON.stringify(Object.values(args)) : '')
const band = (from: number, to: number): Band => ({ key: '', from, to, units: 3 })

describe('bands', () => {
  it('names them by their place', () => {
    const three = [band(1, 10), band(11, 50), band(51, 0)]
    expect(three.map((_, n) => bandName(three, n, t))).toEqual(['ranking.band.s', 'ranking.band.m', 'ranking.band.l'])
    expect(bandName([band(1, 0)], 0, t)).toBe('ranking.band.all')
    expect(bandName([band(1, 50), band(51, 0)], 1, t)).toBe('ranking.band.l')
  })
  it('prints the limits beside the word', () => {
    expect(bandLimits(band(1, 10), t)).toBe('ranking.band.to[10]')
    expect(bandLimits(band(11, 50), t)).toBe('ranking.band.range[11,50]')
    expect(bandLimits(band(51, 0), t)).toBe('ranking.band.from[51]')
    expect(bandLimits(band(1, 0), t)).toBe('')
  })
})

describe('figures', () => {
  it('rounds half up once and shows nobody as a dash', () => {
    expect([score(8605), score(8604), score(0), score(null)]).toEqual(['86.1', '86.0', '0.0', '—'])
    expect([rate(1), rate(0.8421), rate(null)]).toEqual(['100.0%', '84.2%', '—'])
  })
  it('shows two decimals where neighbours look equal', () => {
    expect(scoreAmong(8604, [8601, 9000])).toBe('86.04')
    expect(scoreAmong(8604, [8604])).toBe('86.0')
  })
  it('dates paper with the year', () => {
    expect([dated('2026-11-24T11:39:00.000Z', 'zh-CN', true), dated('2026-11-24T17:00:00.000Z', 'en')]).toEqual(['2026年11月24日19:39', '25 November 2026'])
  })
  it('never rounds a finished time up', () => {
    expect([duration(59_999), duration(848_000), duration(3_723_000)]).toEqual(['0:59', '14:08', '1:02:03'])
  })
})
