import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { statutes } from './statutes'

describe('statutes', () => {
  it('are those of law/statutes.tsv', () => {
    const rows = readFileSync(resolve(process.cwd(), '../law/statutes.tsv'), 'utf8').trim().split('\n').slice(1).map((line) => line.replace(/\r$/, '').split('\t'))
    expect(statutes).toEqual(rows.map(([code, name, short, , , articles]) => ({ code, name, short, articles: Number(articles) })))
  })
})
