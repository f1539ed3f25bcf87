import { Right } from '@/api/rights'
import type { Feature } from '@/ui/feature'

const organisers = [Right.author, Right.review, Right.manageContest, Right.invigilate]

export const feature: Feature = {
  plain: [
    {
      path: '/desk/contests/:id(\\d+)/monitor',
      name: 'contest-monitor',
      component: () => import('./monitor/Monitor.vue'),
      meta: { title: 'monitor.title', words: ['desk', 'keys', 'quiz', 'monitor', 'analysis'], right: Right.invigilate },
    },
  ],
  desk: [
    { path: 'contests', name: 'contests', component: () => import('./ContestList.vue'), meta: { title: 'contest.title', words: ['quiz', 'contest'], right: organisers } },
    { path: 'contests/new', name: 'contest-new', component: () => import('./wizard/Wizard.vue'), meta: { title: 'wizard.new', words: ['quiz', 'contest', 'rule', 'wizard'], right: Right.manageContest } },
    { path: 'contests/:id(\\d+)/edit', name: 'contest-edit', component: () => import('./wizard/Wizard.vue'), meta: { title: 'wizard.title', words: ['quiz', 'contest', 'rule', 'wizard'], right: organisers } },
    { path: 'contests/:id(\\d+)/marking', name: 'contest-marking', component: () => import('./Marking.vue'), meta: { title: 'marking.title', words: ['quiz', 'contest', 'answer', 'marking'], right: Right.seeKeys } },
    { path: 'contests/:id(\\d+)', name: 'contest', component: () => import('./ContestPage.vue'), meta: { title: 'contest.one', words: ['quiz', 'contest', 'rule', 'analysis'], right: organisers } },
  ],
  nav: [{ group: 'contest', to: '/desk/contests', label: 'desk.nav.contests', icon: 'flag', right: organisers, order: 40 }],
}
