import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const hang = 600_000

/** Stories run one after another in real Chromium against the real program; the limits only end what hangs. */
export default defineConfig(({ mode }) => ({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: {
    environment: 'node',
    include: [mode === 'pictures' ? 'tests/stories/*.pictures.ts' : 'tests/stories/*.story.ts'],
    globalSetup: ['tests/stories/setup.ts'],
    fileParallelism: false,
    testTimeout: hang,
    hookTimeout: hang,
    teardownTimeout: 60_000,
    reporters: ['verbose'],
  },
}))
