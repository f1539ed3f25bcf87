/** Every `features/<name>/routes.ts` exports one Feature; pages inside stay lazy. */
import type { Feature, NavEntry } from '@/ui/feature'

const modules = import.meta.glob<{ feature: Feature }>('../features/*/routes.ts', { eager: true })

export const features: Feature[] = Object.keys(modules)
  .sort()
  .map((path) => modules[path].feature)

export const nav: NavEntry[] = features.flatMap((feature) => feature.nav ?? []).sort((a, b) => a.order - b.order)

/** Rights that make somebody a user of the desk. */
export const deskRights: string[] = [...new Set(nav.flatMap((entry) => entry.right))]
