import { Right } from '@/api/rights'
import type { Feature } from '@/ui/feature'

const right = Right.compete

export const feature: Feature = {
  plain: [
    {
      path: '/entry',
      redirect: '/sign-in',
      component: () => import('./EntryShell.vue'),
      meta: { public: true, words: ['learn'] },
      children: [
        { path: '/sign-in', name: 'sign-in', component: () => import('./SignIn.vue'), meta: { title: 'learn.signIn.title' } },
        { path: '/activate', name: 'activate', component: () => import('./Activate.vue'), meta: { title: 'learn.activate.title' } },
        { path: '/setup', name: 'setup', component: () => import('./SetUp.vue'), meta: { title: 'learn.setup.title' } },
      ],
    },
  ],
  learner: [
    { path: '', name: 'home', component: () => import('./Home.vue'), meta: { words: ['learn'], title: 'core.tab.today', tabs: true, right } },
    { path: 'contests', name: 'my-contests', component: () => import('./ContestList.vue'), meta: { words: ['learn'], title: 'learn.contests.title', tabs: true, right } },
    { path: 'contests/:id(\\d+)', name: 'intro', component: () => import('./ContestIntro.vue'), meta: { words: ['learn'], title: 'learn.intro.title', right } },
    { path: 'attempts/:id(\\d+)', name: 'attempt', component: () => import('./attempt/Attempt.vue'), meta: { words: ['learn', 'answer'], title: 'learn.attempt.title', right } },
    { path: 'attempts/:id(\\d+)/result', name: 'result', component: () => import('./Result.vue'), meta: { words: ['learn', 'answer'], title: 'learn.result.title', right } },
    { path: 'attempts/:id(\\d+)/review', name: 'review', component: () => import('./ReviewAll.vue'), meta: { words: ['learn', 'answer'], title: 'learn.review.title', right } },
    { path: 'records', name: 'records', component: () => import('./Records.vue'), meta: { words: ['learn'], title: 'learn.records.title', right } },
    { path: 'board', name: 'boards', component: () => import('./BoardHome.vue'), meta: { words: ['learn'], title: 'learn.board.title', tabs: true } },
    { path: 'contests/:id(\\d+)/board', name: 'board', component: () => import('./Board.vue'), meta: { words: ['learn'], title: 'learn.board.title' } },
    { path: 'me', name: 'me', component: () => import('./Profile.vue'), meta: { words: ['learn'], title: 'core.tab.me', tabs: true } },
    { path: 'me/password', name: 'password', component: () => import('./PasswordPage.vue'), meta: { words: ['learn'], title: 'learn.me.password' } },
    { path: 'me/sessions', name: 'sessions', component: () => import('./SessionsPage.vue'), meta: { words: ['learn'], title: 'learn.me.sessions' } },
  ],
}
