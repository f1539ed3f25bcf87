/** What a feature hands to the app: its pages, and its lines in the desk's side navigation. */
import type { RouteRecordRaw } from 'vue-router'
import type { IconName } from './icons/paths'

declare module 'vue-router' {
  interface RouteMeta {
    /** i18n key of the document title. */
    title?: string
    /** Areas of words to load before the page shows. */
    words?: string[]
    /** Any of these rights opens the page. */
    right?: string | string[]
    /** Open without a session. */
    public?: boolean
    /** Learner pages with the tab bar. */
    tabs?: boolean
  }
}

export type NavGroup = 'work' | 'content' | 'contest' | 'unit' | 'people' | 'audit'

export interface NavEntry {
  group: NavGroup
  /** Route path, e.g. /desk/questions. */
  to: string
  /** i18n key in the area `desk`. */
  label: string
  icon: IconName
  right: string | string[]
  /** Place within its group; smaller is higher. */
  order: number
}

export interface Feature {
  /** Pages outside the shells (sign-in, print). */
  plain?: RouteRecordRaw[]
  /** Pages in the learner's shell. */
  learner?: RouteRecordRaw[]
  /** Pages in the desk's shell; paths relative to /desk. */
  desk?: RouteRecordRaw[]
  nav?: NavEntry[]
}
