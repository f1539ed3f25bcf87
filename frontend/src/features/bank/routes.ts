import { Right } from '@/api/rights'
import type { Feature } from '@/ui/feature'

const writers = [Right.author, Right.review]

export const feature: Feature = {
  desk: [
    { path: 'questions', name: 'questions', component: () => import('./QuestionList.vue'), meta: { title: 'bank.title', words: ['quiz', 'bank'], right: writers } },
    { path: 'questions/new', name: 'question-new', component: () => import('./QuestionPage.vue'), meta: { title: 'bank.new', words: ['quiz', 'bank', 'editor', 'answer'], right: Right.author } },
    { path: 'questions/duplicates', name: 'question-duplicates', component: () => import('./DuplicatePage.vue'), meta: { title: 'bank.duplicates.title', words: ['quiz', 'bank'], right: writers } },
    { path: 'questions/:id(\\d+)', name: 'question', component: () => import('./QuestionPage.vue'), meta: { title: 'bank.one', words: ['quiz', 'bank', 'editor', 'answer', 'analysis'], right: writers } },
    { path: 'question-imports/:id(\\d+)?', name: 'question-import', component: () => import('./ImportPage.vue'), meta: { title: 'import.title', words: ['quiz', 'bank', 'import'], right: Right.author } },
  ],
  nav: [
    { group: 'content', to: '/desk/questions', label: 'desk.nav.questions', icon: 'document', right: writers, order: 10 },
    { group: 'content', to: '/desk/question-imports', label: 'desk.nav.questionImport', icon: 'upload', right: Right.author, order: 11 },
  ],
}
