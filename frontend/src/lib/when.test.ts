import { describe, expect, it } from 'vitest'
import { civil, dayText, instantOf, leftParts, momentText, spanText } from './when'
import { percent, points, score } from './number'
import { nest, subtreeIds } from './tree'

const zone = 'Asia/Shanghai'
const at = (iso: string) => Date.parse(iso)

describe('when', () => {
  it('shows the installation zone', () => {
    expect(civil(at('2026-04-15T16:05:09Z'), zone)).toEqual({ year: 2026, month: 4, day: 16, hour: 0, minute: 5, second: 9 })
    expect(instantOf({ year: 2026, month: 4, day: 16, hour: 0, minute: 5, second: 9 }, zone)).toBe(at('2026-04-15T16:05:09Z'))
    expect(instantOf({ year: 2026, month: 3, day: 29, hour: 3, minute: 30, second: 0 }, 'Europe/Berlin')).toBe(at('2026-03-29T01:30:00Z'))
  })

  it('says today, tomorrow, else the day', () => {
    const now = at('2026-04-15T01:00:00Z')
    expect(momentText(at('2026-04-15T09:30:00Z'), now, zone, 'zh-CN')).toBe('今天 17:30')
    expect(momentText(at('2026-04-15T16:30:00Z'), now, zone, 'zh-TW')).toBe('明天 00:30')
    expect(momentText(at('2026-04-14T09:30:00Z'), now, zone, 'en')).toBe('Yesterday 17:30')
    expect(momentText(at('2026-05-08T09:30:00Z'), now, zone, 'zh-CN')).toBe('5 月 8 日 17:30')
    expect(dayText(at('2025-12-31T01:00:00Z'), now, zone, 'zh-CN')).toBe('2025 年 12 月 31 日')
    expect(dayText(at('2025-12-31T01:00:00Z'), now, zone, 'en')).toBe('31 Dec 2025')
  })

  it('writes spans and what is left', () => {
    expect([spanText(767_000), spanText(3_723_000), spanText(1), spanText(0), spanText(-5)]).toEqual(['12:47', '1:02:03', '00:01', '00:00', '00:00'])
    expect(leftParts(90_061_999)).toEqual({ days: 1, hours: 1, minutes: 1, seconds: 1 })
  })
})

describe('numbers', () => {
  it('reads hundredths', () => {
    expect([points(9000), points(8650), points(8655), points(0), points(-50)]).toEqual(['90', '86.5', '86.55', '0', '-0.5'])
    expect([score(7703), percent(0.842105)]).toEqual(['77.0', '84.2%'])
  })
})

describe('tree', () => {
  const units = [
    { id: 1, parentId: null, name: '县' },
    { id: 2, parentId: 1, name: '局' },
    { id: 3, parentId: 2, name: '股' },
    { id: 9, parentId: 77, name: '外' },
  ]
  it('nests, keeps orphans as roots, finds a subtree', () => {
    expect(nest(units).map((node) => node.value)).toEqual([1, 9])
    expect(nest(units)[0].children?.[0].children?.[0].label).toBe('股')
    expect([...subtreeIds(units, 2)].sort()).toEqual([2, 3])
  })
})
