import { createRouter, createWebHistory, type RouteLocationNormalized } from 'vue-router'
import { NetworkError } from '@/api/errors'
import { Right } from '@/api/rights'
import { can, restore, signedIn, site } from '@/api/session'
import { i18n, useWords } from '@/i18n'
import { focusHeading } from '@/lib/focus'
import { bootError } from './boot'
import { deskRights, features, nav } from './features'

const plain = features.flatMap((feature) => feature.plain ?? [])
const learner = features.flatMap((feature) => feature.learner ?? [])
const desk = features.flatMap((feature) => feature.desk ?? [])

export const router = createRouter({
  history: createWebHistory(),
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
  routes: [
    ...plain,
    { path: '/', component: () => import('./LearnerShell.vue'), children: learner },
    {
      path: '/desk',
      component: () => import('./DeskShell.vue'),
      meta: { words: ['desk', 'keys'], right: deskRights },
      children: [{ path: '', name: 'desk', redirect: () => nav.find((entry) => can(entry.right))?.to ?? '/' }, ...desk],
    },
    { path: '/:path(.*)*', component: () => import('./LearnerShell.vue'), children: [{ path: '', name: 'missing', component: () => import('@/ui/Missing.vue'), meta: { title: 'core.missing.title', public: true } }] },
  ],
})

/** Where a person lands after signing in: the desk on a wide screen when there is one for them, else the phone's home. */
export function landing(): string {
  const wide = window.matchMedia('(min-width: 1024px)').matches
  if (can(deskRights) && deskRights.length && (wide || !can(Right.compete))) return '/desk'
  return '/'
}

/** Only paths of ours: a `next` from elsewhere must not lead out of the site. */
export function safeNext(next: unknown): string | null {
  return typeof next === 'string' && /^\/(?![/\\])/.test(next) && !next.startsWith('/sign-in') ? next : null
}

router.beforeEach(async (to) => {
  try {
    await restore()
    bootError.value = null
  } catch (error) {
    bootError.value = error
    if (!(error instanceof NetworkError) && !to.meta.public) throw error
  }
  await useWords(...areasOf(to))
  if (site.value?.setupNeeded && to.name !== 'setup') return { name: 'setup', query: to.query }
  if (!site.value?.setupNeeded && to.name === 'setup') return { path: '/' }
  if (to.name === 'sign-in' && signedIn.value) return safeNext(to.query.next) ?? landing()
  if (to.meta.public || signedIn.value || bootError.value) return true
  return { name: 'sign-in', query: to.fullPath === '/' ? {} : { next: to.fullPath } }
})

function areasOf(to: RouteLocationNormalized): string[] {
  return ['core', ...new Set(to.matched.flatMap((record) => record.meta.words ?? []))]
}

router.afterEach((to, from, failure) => {
  if (failure) return
  const page = to.meta.title ? i18n.global.t(to.meta.title) : ''
  document.title = page ? `${page} · ${i18n.global.t('core.name')}` : i18n.global.t('core.name')
  // A filter in the URL is no new page: focus stays where the person is.
  if (to.path !== from.path && from.matched.length) void Promise.resolve().then(() => requestAnimationFrame(() => focusHeading()))
})
