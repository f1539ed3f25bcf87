import { expect, test } from 'vitest'
import { topicTree, withBelow } from './topicTree'

const topics = [
  { id: 1, name: '甲', sort: 2 },
  { id: 2, name: '乙', sort: 1 },
  { id: 3, name: '乙一', sort: 2, parentId: 2 },
  { id: 4, name: '乙二', sort: 1, parentId: 2 },
  { id: 5, name: '孤', sort: 3, parentId: 99 },
  { id: 6, name: '乙一一', sort: 1, parentId: 3 },
]

test('children follow their parents, siblings keep their order', () => {
  expect(topicTree(topics).map((one) => [one.id, one.depth])).toEqual([[2, 0], [4, 1], [3, 1], [6, 2], [1, 0], [5, 0]])
})

test('what lies below a topic is known at every depth', () => {
  expect([...withBelow(topics, 2)].sort()).toEqual([2, 3, 4, 6])
})
