import type { Feature } from '@/ui/feature'

export const feature: Feature = {
  plain: [
    {
      path: '/',
      component: () => import('./EntryShell.vue'),
      meta: { public: true, words: ['learn'] },
      children: [
        { path: 'sign-in', name: 'sign-in', component: () => import('./SignIn.vue'), meta: { title: 'learn.signIn.title' } },
        { path: 'activate', name: 'activate', component: () => import('./Activate.vue'), meta: { title: 'learn.activate.title' } },
        { path: 'setup', name: 'setup', component: () => import('./SetUp.vue'), meta: { title: 'learn.setup.title' } },
      ],
    },
  ],
}
