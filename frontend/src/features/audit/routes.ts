import { Right } from '@/api/rights'
import type { Feature } from '@/ui/feature'

export const feature: Feature = {
  desk: [{ path: 'audit', name: 'audit', component: () => import('./AuditPage.vue'), meta: { words: ['audit'], title: 'desk.nav.audit', right: Right.readAudit } }],
  nav: [{ group: 'audit', to: '/desk/audit', label: 'desk.nav.audit', icon: 'history', right: Right.readAudit, order: 50 }],
}
