/** What every story begins with: a browser, a county, and people who are closed again at the end. */
import type { Browser } from 'playwright-core'
import { inject } from 'vitest'
import { openBrowser, step, Visitor, type Look } from './harness'
import { openCounty, password, slipsOf, type Program, type Slip } from './county'

export class Story {
  readonly visitors: Visitor[] = []

  constructor(
    readonly browser: Browser,
    readonly county: Program,
    private readonly look: Look = {},
  ) {}

  async visitor(look: Look = {}): Promise<Visitor> {
    const visitor = await Visitor.open(this.browser, this.county, { ...this.look, ...look })
    this.visitors.push(visitor)
    return visitor
  }

  step<T>(name: string, act: () => Promise<T>): Promise<T> {
    return step(name, this.visitors, act)
  }

  /** The people whose activation codes the loading printed. */
  slips(): Slip[] {
    return slipsOf(inject('printed'))
  }

  /** What an outside client reads: the truth a story compares its pages with. */
  async read<T>(username: string, path: string): Promise<T> {
    const session = await fetch(this.county.url + '/api/v1/sessions', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ username, password }),
    })
    const { accessToken } = (await session.json()) as { accessToken: string }
    const answer = await fetch(this.county.url + path, { headers: { Authorization: 'Bearer ' + accessToken } })
    if (!answer.ok) throw new Error(`GET ${path}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as T
  }
}

/** Tells a story on a county of its own. */
export async function tell(act: (story: Story) => Promise<void>, look: Look & { flags?: string[]; host?: string } = {}): Promise<void> {
  const browser = await openBrowser(...(look.flags ?? []))
  try {
    const county = await openCounty(inject('template'))
    try {
      const origin = look.host ? `http://${look.host}:${county.port}` : undefined
      await act(new Story(browser, county, { ...look, ...(origin ? { origin } : {}) }))
    } finally {
      await county.stop()
    }
  } finally {
    await browser.close()
  }
}
