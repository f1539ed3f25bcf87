import { describe, expect, it } from 'vitest'
import { moved, orderOf } from './order'

describe('order', () => {
  it('moves one thing and keeps the others in their order', () => {
    expect(moved([1, 2, 3, 4], 3, 0)).toEqual([4, 1, 2, 3])
    expect(moved([1, 2, 3, 4], 0, 2)).toEqual([2, 3, 1, 4])
    expect(moved([1, 2], 1, 2)).toEqual([1, 2])
  })
  it('shows every option once, whatever a stored choice says', () => {
    const options = [{ id: 1 }, { id: 2 }, { id: 3 }]
    expect(orderOf(options, [])).toEqual([1, 2, 3])
    expect(orderOf(options, [3, 9, 1])).toEqual([3, 1, 2])
  })
})
