/** Pages on the narrowest screen and at 200 % zoom: everything is there, and nothing needs scrolling sideways. */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { openCounty, type Program } from './county'
import { openBrowser, step, Visitor } from './harness'
import { makeThings } from './occasion'
import { settle, tours, type Things } from './pages'
import { misfits } from './reflow'

/** A phone of 320 px; a desk of 1,280 × 900 px at 400 % and of 1,440 × 900 px at 200 %. */
const widths = { phone: [{ width: 320, height: 640 }], desk: [{ width: 320, height: 640 }, { width: 720, height: 450 }] }

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

test.each(tours)('the pages of $as on a $size fit', async ({ size, as, list }) => {
  const found: string[] = []
  const visitor = await Visitor.open(browser, county, { viewport: widths[size][0] })
  if (as) await visitor.signIn(as)
  for (const place of list) {
    if (place.refused) visitor.allow(place.refused, /./)
    const look = async () => {
      await visitor.page.setViewportSize(widths[size][0])
      await visitor.goto(place.path(things))
      await settle(visitor)
      await place.act?.(visitor)
      const all: string[] = []
      for (const viewport of widths[size]) {
        await visitor.page.setViewportSize(viewport)
        await visitor.page.waitForTimeout(150)
        all.push(...(await misfits(visitor)).map((text) => `${place.name} at ${viewport.width}: ${text}`))
      }
      return all
    }
    found.push(...(await step(`reflow of ${place.name}`, [visitor], look).catch((error: Error) => [`${place.name}: ${error.message}`])))
    visitor.faults.length = 0
  }
  await visitor.close()
  expect(found).toEqual([])
})
