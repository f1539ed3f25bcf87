/** Everybody can use it: axe finds nothing on any page, in light and in dark. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { openCounty, type Program } from './county'
import { desk, openBrowser, phone, step, Visitor } from './harness'
import { makeThings } from './occasion'
import { places, routeNames, settle, type Place, type Things } from './pages'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

/** What axe says about the page as it stands, one line each. */
async function violations(visitor: Visitor): Promise<string[]> {
  await visitor.page.evaluate(axe)
  return visitor.page.evaluate(async (only) => {
    interface Result {
      violations: { id: string; help: string; nodes: { target: string[]; failureSummary: string }[] }[]
    }
    const runner = (window as unknown as { axe: { run: (root: Document, options: object) => Promise<Result> } }).axe
    const found = await runner.run(document, { runOnly: { type: 'tag', values: only }, resultTypes: ['violations'] })
    return found.violations.flatMap((one) => one.nodes.slice(0, 3).map((node) => `${one.id}: ${node.target.join(' ')} — ${node.failureSummary.split('\n').slice(1).join(' ').trim().slice(0, 220)}`))
  }, tags)
}

async function look(visitor: Visitor, place: Place): Promise<string[]> {
  const found: string[] = []
  if (place.refused) visitor.allow(place.refused, /./)
  await visitor.page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  await visitor.goto(place.path(things))
  await settle(visitor)
  await place.act?.(visitor)
  for (const scheme of ['light', 'dark'] as const) {
    await visitor.page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
    await visitor.page.waitForFunction((dark) => document.documentElement.classList.contains('dark') === dark, scheme === 'dark')
    await visitor.page.waitForTimeout(300)
    found.push(...(await violations(visitor)).map((text) => `${place.name} (${scheme}): ${text}`))
  }
  const over = await visitor.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  if (over > 0) found.push(`${place.name}: ${over} px wider than the screen`)
  return found
}

let browser: Browser
let county: Program
let things: Things

beforeAll(async () => {
  browser = await openBrowser()
  county = await openCounty(inject('template'))
  things = await makeThings(county)
})

afterAll(async () => {
  await browser.close()
  await county.stop()
})

test('every route is among the pages looked at', () => {
  expect(routeNames().filter((name) => name !== 'setup' && !places.some((place) => place.route === name))).toEqual([])
})

const tours = (['phone', 'desk'] as const).flatMap((size) => {
  const here = places.filter((place) => place.size === size)
  return [...new Set(here.map((place) => place.as))].map((as) => ({ size, as, list: here.filter((place) => place.as === as) }))
})

test.each(tours)('axe finds nothing on the pages of $as on a $size', async ({ size, as, list }) => {
  const found: string[] = []
  const visitor = await Visitor.open(browser, county, { viewport: size === 'phone' ? phone : desk })
  if (as) await visitor.signIn(as)
  for (const place of list) {
    found.push(...(await step(`axe on ${place.name}`, [visitor], () => look(visitor, place)).catch((error: Error) => [`${place.name}: ${error.message}`])))
    visitor.faults.length = 0
  }
  await visitor.close()
  expect(found).toEqual([])
})
