import { describe, expect, it } from 'vitest'
import { diffText } from './diff'

const back = (before: string, after: string) => {
  const pieces = diffText(before, after)
  expect(pieces.filter((one) => one.kind !== 'new').map((one) => one.text).join('')).toBe(before)
  expect(pieces.filter((one) => one.kind !== 'old').map((one) => one.text).join('')).toBe(after)
  return pieces
}

describe('diffText', () => {
  it('gives both texts back and marks only what moved', () => {
    expect(back('绝密级不超过三十年', '绝密级不超过 30 年').filter((one) => one.kind === 'same').map((one) => one.text).join('')).toBe('绝密级不超过年')
    back('', '新')
    back('旧', '')
    back('𠮷野家', '吉野家')
  })
  it('replaces very long texts whole', () => {
    expect(diffText('a'.repeat(1300), 'b')).toHaveLength(2)
  })
})
