/** What a contestant does with a paper, question by question; shared by the stories that answer. */
import { expect } from 'vitest'
import type { Visitor } from './harness'
import { like, say } from './words'

/** An answer as the server keeps it. */
export interface Stored {
  slot: number
  seq: number
  choice?: number[]
  text?: string[]
}

export interface AttemptView {
  id: number
  state: string
  deadlineAt: string
  answers: Stored[]
  score?: number | null
}

export const badge = (visitor: Visitor) => visitor.page.locator('.state .badge')
export const attemptId = (visitor: Visitor) => Number(/\/attempts\/(\d+)/.exec(visitor.page.url())![1])

/** From the home page into the paper. */
export async function begin(visitor: Visitor) {
  await visitor.link(say('learn.home.enter')).click()
  await visitor.button(say('learn.intro.begin')).click()
  await visitor.page.waitForURL(/\/attempts\/\d+/)
  await visitor.page.locator('.question').waitFor()
}

/** Chooses the nth option (or writes into the first blank) and says what stands in the question now. */
export async function choose(visitor: Visitor, nth = 0) {
  const options = visitor.page.locator('.question .opt')
  if (await options.count()) await options.nth(nth % (await options.count())).click()
  else await visitor.page.locator('.question input[type="text"]').first().fill('答案')
}

export async function storedBadge(visitor: Visitor) {
  await badge(visitor).filter({ hasText: say('core.save.done') }).waitFor()
}

export const next = (visitor: Visitor) => visitor.button(say('learn.attempt.next')).click()

export async function questionCount(visitor: Visitor): Promise<number> {
  return Number(await visitor.page.locator('.pos span.num').textContent())
}

/** To the question with this number, by the card. */
export async function goTo(visitor: Visitor, n: number) {
  await visitor.button(say('learn.attempt.card')).click()
  await visitor.page.locator('ol.grid button').nth(n - 1).click()
  await visitor.page.locator('.pos b').filter({ hasText: new RegExp(`^${n}$`) }).waitFor()
}

/** What the device keeps of an attempt. */
export function boxOf(visitor: Visitor, id: number): Promise<{ answers: { slot: number; seq: number; ackedSeq: number; choice?: number[]; text?: string[] }[] } | null> {
  return visitor.page.evaluate(
    (key) =>
      new Promise((resolve, reject) => {
        const request = indexedDB.open('jingzhong')
        request.onerror = () => reject(request.error)
        request.onsuccess = () => {
          const read = request.result.transaction('attempts').objectStore('attempts').get(key)
          read.onsuccess = () => {
            request.result.close()
            resolve(read.result ?? null)
          }
          read.onerror = () => reject(read.error)
        }
      }),
    id,
  )
}

/** Every answer the page showed as stored is with the server, as it was chosen. */
export function compare(view: AttemptView, shown: Map<number, { choice?: number[]; text?: string[] }>) {
  for (const [slot, answer] of shown) {
    const stored = view.answers.find((one) => one.slot === slot)
    expect(stored, `answer of slot ${slot}`).toBeDefined()
    expect({ slot, choice: stored!.choice ?? [], text: stored!.text ?? [] }).toEqual({ slot, choice: answer.choice ?? [], text: answer.text ?? [] })
  }
}

/** Hands in by the card, gaps or not. */
export async function handIn(visitor: Visitor) {
  await visitor.button(say('learn.attempt.card')).click()
  await visitor.button(new RegExp(`^(${say('learn.attempt.submit')}|${say('learn.attempt.submitAnyway')})$`)).click()
  await visitor.page.waitForURL(/\/result/)
  await visitor.sees(like('learn.result.receipts'))
}
