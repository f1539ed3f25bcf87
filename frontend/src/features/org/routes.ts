import { Right } from '@/api/rights'
import type { Feature } from '@/ui/feature'

const anyDesk = [
  Right.author, Right.review, Right.manageContest, Right.invigilate, Right.seeUnitResults, Right.seePeople,
  Right.managePeople, Right.manageUnits, Right.grantRoles, Right.configure, Right.readAudit,
]

export const feature: Feature = {
  desk: [
    { path: 'today', name: 'desk-today', component: () => import('./today/TodayPage.vue'), meta: { words: ['today', 'analysis'], title: 'desk.nav.today', right: anyDesk } },
    { path: 'people', name: 'people', component: () => import('./people/PeoplePage.vue'), meta: { words: ['people'], title: 'desk.nav.people', right: Right.seePeople } },
    { path: 'people/slips', name: 'slips', component: () => import('./people/SlipsPage.vue'), meta: { words: ['people'], title: 'people.slips.title', right: Right.reissueSlips } },
    { path: 'people/import', name: 'people-import', component: () => import('./importing/ImportPage.vue'), meta: { words: ['peopleImport'], title: 'desk.nav.peopleImport', right: Right.managePeople } },
    { path: 'units', name: 'units', component: () => import('./units/UnitsPage.vue'), meta: { words: ['units'], title: 'desk.nav.units', right: [Right.manageUnits, Right.seePeople] } },
    { path: 'roles', name: 'roles', component: () => import('./roles/RolesPage.vue'), meta: { words: ['roles'], title: 'desk.nav.roles', right: [Right.grantRoles, Right.configure] } },
  ],
  nav: [
    { group: 'work', to: '/desk/today', label: 'desk.nav.today', icon: 'home', right: anyDesk, order: -1 },
    { group: 'people', to: '/desk/people', label: 'desk.nav.people', icon: 'people', right: Right.seePeople, order: 40 },
    { group: 'people', to: '/desk/units', label: 'desk.nav.units', icon: 'tree', right: Right.manageUnits, order: 41 },
    { group: 'people', to: '/desk/roles', label: 'desk.nav.roles', icon: 'role', right: [Right.grantRoles, Right.configure], order: 42 },
  ],
}
