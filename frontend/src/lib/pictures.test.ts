import { describe, expect, it } from 'vitest'
import { plainText, textPieces } from './pictures'

const hash = 'a1'.repeat(32)

describe('pictures', () => {
  it('cuts a text at its pictures', () => {
    expect(textPieces(`看 ![标志](picture:${hash}#12x9) 吗`)).toEqual([{ text: '看 ' }, { text: '标志', hash, width: 12, height: 9 }, { text: ' 吗' }])
    expect(textPieces(`![章](picture:${hash})`)).toEqual([{ text: '章', hash, width: undefined, height: undefined }])
  })
  it('shows no other address', () => {
    for (const text of ['![x](http://example.org/a.png)', '![x](data:image/png;base64,AA)', '![x](picture:abc)']) expect(textPieces(text)).toEqual([{ text }])
  })
  it('puts words in the place of a picture', () => {
    expect(plainText(`看 ![标志](picture:${hash}#12x9)`)).toBe('看 ［标志］')
  })
})
