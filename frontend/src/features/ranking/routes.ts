import { Right } from '@/api/rights'
import type { Feature } from '@/ui/feature'

const right = [Right.seeUnitResults]

export const feature: Feature = {
  plain: [
    { path: '/print/rankings/:id(\\d+)', name: 'ranking-print', component: () => import('./PrintBoard.vue'), meta: { words: ['desk', 'ranking'], title: 'desk.nav.rankings', right } },
    { path: '/print/rankings/:id(\\d+)/missing', name: 'ranking-print-missing', component: () => import('./PrintMissing.vue'), meta: { words: ['desk', 'ranking'], title: 'ranking.print.missingTitle', right } },
  ],
  desk: [
    { path: 'rankings', name: 'rankings', component: () => import('./ChooseBoard.vue'), meta: { words: ['ranking'], title: 'desk.nav.rankings', right } },
    { path: 'rankings/:id(\\d+)', name: 'ranking', component: () => import('./RankingPage.vue'), meta: { words: ['ranking'], title: 'desk.nav.rankings', right } },
    { path: 'rankings/:id(\\d+)/roster', name: 'ranking-roster', component: () => import('./RosterPage.vue'), meta: { words: ['ranking'], title: 'ranking.roster.title', right } },
    { path: 'rankings/:id(\\d+)/units/:unitId(\\d+)', name: 'ranking-unit', component: () => import('./DrillPage.vue'), meta: { words: ['ranking'], title: 'ranking.drill.title', right } },
  ],
  nav: [{ group: 'unit', to: '/desk/rankings', label: 'desk.nav.rankings', icon: 'bars', right, order: 30 }],
}
