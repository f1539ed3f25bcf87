import { expect, test } from 'vitest'
import { ApiError } from '@/api/errors'
import { useAct } from './act'

test('an act under way is not begun twice', async () => {
  const { busy, run } = useAct()
  let begun = 0
  let finish = () => {}
  const first = run(() => {
    begun++
    return new Promise<void>((resolve) => (finish = resolve))
  })
  expect(busy.value).toBe(true)
  expect(await run(async () => begun++)).toBe(false)
  finish()
  expect(await first).toBe(true)
  expect(begun).toBe(1)
  expect(busy.value).toBe(false)
})

test('a refusal is told in the server’s words and gone at the next try', async () => {
  const { fault, run } = useAct()
  const refusal = new ApiError(409, { code: 'contest.state', detail: '已经发布' } as never)
  expect(await run(() => Promise.reject(refusal))).toBe(false)
  expect(fault.value).toBe('已经发布')
  expect(await run(async () => undefined)).toBe(true)
  expect(fault.value).toBe('')
})
