import type { RouteRecordRaw } from 'vue-router'
import { describe, expect, it } from 'vitest'
import { Right } from '@/api/rights'
import { deskRights, features, nav } from './features'

const all = (routes: RouteRecordRaw[] = []): RouteRecordRaw[] => routes.flatMap((route) => [route, ...all(route.children)])
const routes = features.flatMap((feature) => [...all(feature.plain), ...all(feature.learner), ...all(feature.desk)])

describe('features', () => {
  it('name their routes once: a second one would silently replace the first', () => {
    const names = routes.map((route) => route.name).filter(Boolean)
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([])
  })

  it('give every desk page a right and every page a title', () => {
    expect(features.flatMap((feature) => all(feature.desk)).filter((route) => route.component && !route.meta?.right)).toEqual([])
    expect(routes.filter((route) => route.component && !route.children && !route.meta?.title).map((route) => route.path)).toEqual([])
  })

  it('lead the side navigation only to pages that exist, by rights the server knows', () => {
    const paths = features.flatMap((feature) => all(feature.desk)).map((route) => '/desk/' + route.path)
    for (const entry of nav) {
      expect(paths.some((path) => path === entry.to || path.replace(/\/?:\w+(\(.*?\))?\??$/, '') === entry.to)).toBe(true)
    }
    expect(deskRights.filter((right) => !(Object.values(Right) as string[]).includes(right))).toEqual([])
  })
})
