/** Everybody can use it: axe finds nothing on any page, in light and in dark. */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { violationsInBoth } from './axe'
import { openCounty, type Program } from './county'
import { desk, openBrowser, phone, step, Visitor } from './harness'
import { makeThings } from './occasion'
import { places, routeNames, settle, tours, type Place, type Things } from './pages'

async function look(visitor: Visitor, place: Place): Promise<string[]> {
  const found: string[] = []
  if (place.refused) visitor.allow(place.refused, /./)
  await visitor.page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  await visitor.goto(place.path(things))
  await settle(visitor)
  await place.act?.(visitor)
  found.push(...(await violationsInBoth(visitor)).map((text) => `${place.name} ${text}`))
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
