/** What axe says about a page as it stands. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Visitor } from './harness'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

/** One line for each violation. */
export async function violations(visitor: Visitor): Promise<string[]> {
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

/** The same in light and in dark. */
export async function violationsInBoth(visitor: Visitor): Promise<string[]> {
  const found: string[] = []
  for (const scheme of ['light', 'dark'] as const) {
    await visitor.page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
    await visitor.page.waitForFunction((dark) => document.documentElement.classList.contains('dark') === dark, scheme === 'dark')
    await visitor.page.waitForTimeout(300)
    found.push(...(await violations(visitor)).map((text) => `(${scheme}): ${text}`))
  }
  return found
}
