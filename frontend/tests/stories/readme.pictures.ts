/** The pictures of the README, and with PICTURES=folder every page at the sizes it is used at. */
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { inject, test } from 'vitest'
import { openCounty } from './county'
import { desk, openBrowser, phone, Visitor } from './harness'
import { makeThings } from './occasion'
import { places, settle, type Place } from './pages'

/** Picture in docs/pictures > the page it shows. */
const readme: Record<string, string> = {
  home: 'home', attempt: 'attempt', wizard: 'wizard-blueprint', monitor: 'monitor', ranking: 'ranking', import: 'people-import', audit: 'audit', bank: 'questions-reviewer', roles: 'roles-secadmin',
}
const docs = path.join(import.meta.dirname, '../../../docs/pictures')
const everywhere = process.env.PICTURES
const widths = { phone: [phone], desk: [desk, { width: 1920, height: 1080 }] }

test('pictures of the pages', async () => {
  const browser = await openBrowser()
  const county = await openCounty(inject('template'))
  const things = await makeThings(county)
  mkdirSync(docs, { recursive: true })
  if (everywhere) mkdirSync(everywhere, { recursive: true })
  const names = new Map(Object.entries(readme).map(([file, place]) => [place, file]))
  const people = new Map<string, Visitor>()
  const visitorOf = async (place: Place) => {
    const key = `${place.as} ${place.size}`
    if (!people.has(key)) {
      const visitor = await Visitor.open(browser, county, { viewport: widths[place.size][0] })
      if (place.as) await visitor.signIn(place.as)
      people.set(key, visitor)
    }
    return people.get(key)!
  }
  // The README's first: the list then goes on through states that change what the earlier pages show.
  for (const place of [...places].sort((a, b) => Number(names.has(b.name)) - Number(names.has(a.name)))) {
    const file = names.get(place.name)
    if (!file && !everywhere) continue
    const visitor = await visitorOf(place)
    if (place.refused) visitor.allow(place.refused, /./)
    for (const viewport of everywhere ? widths[place.size] : widths[place.size].slice(0, 1)) {
      await visitor.page.setViewportSize(viewport)
      await visitor.goto(place.path(things))
      await settle(visitor)
      await place.act?.(visitor).catch(() => undefined) // a second look finds the state already made
      await settle(visitor)
      if (everywhere) await visitor.page.screenshot({ path: path.join(everywhere, `${place.name}-${viewport.width}.png`) })
      if (file && viewport === widths[place.size][0]) await visitor.page.screenshot({ path: path.join(docs, file + '.png') })
    }
  }
  await browser.close()
  await county.stop()
})
