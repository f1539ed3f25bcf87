import { rmSync } from 'node:fs'
import type { TestProject } from 'vitest/node'
import { loadTemplate } from './county'

declare module 'vitest' {
  interface ProvidedContext {
    template: string
    printed: string
  }
}

/** The county is loaded once for all stories. */
export default async function setup(project: TestProject) {
  const { folder, output } = await loadTemplate()
  project.provide('template', folder)
  project.provide('printed', output)
  return () => rmSync(folder, { recursive: true, force: true })
}
