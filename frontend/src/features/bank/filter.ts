/** The bank's filter as the URL holds it: lists for the facets, words for the search. */
import { computed } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { useI18n } from 'vue-i18n'
import { citeText } from './cite'

export const dimensions = ['topic', 'kind', 'level', 'state', 'use'] as const
export type Dimension = (typeof dimensions)[number]

export function useBankFilter() {
  const route = useRoute()
  const router = useRouter()
  const { t } = useI18n()
  const listOf = (key: string) => {
    const value = route.query[key]
    return (Array.isArray(value) ? value : value ? [value] : []).filter((one): one is string => !!one)
  }
  const one = (key: string) => listOf(key)[0] ?? ''
  const set = (changes: Record<string, string | string[] | undefined>) => {
    const query = { ...route.query, ...changes }
    for (const key of Object.keys(query)) if (!query[key]?.length) delete query[key]
    void router.replace({ query })
  }

  const values = computed(() => Object.fromEntries(dimensions.map((key) => [key, listOf(key)])) as Record<Dimension, string[]>)
  const q = computed({ get: () => one('q'), set: (text: string) => set({ q: text.trim() || undefined }) })
  const flag = (key: string) => computed({ get: () => one(key) === '1', set: (on: boolean) => set({ [key]: on ? '1' : undefined }) })
  const pending = flag('pending')
  const mine = flag('mine')

  const query = computed(() => {
    const out: Record<string, unknown> = {}
    if (q.value) out.q = q.value
    for (const key of dimensions) if (values.value[key].length) out[key] = values.value[key]
    for (const key of ['statute', 'article', 'tag']) if (one(key)) out[key] = one(key)
    if (pending.value) out.pending = true
    if (mine.value) out.mine = true
    return out
  })
  const active = computed(() => Object.keys(query.value).length > 0)

  const toggle = (key: Dimension, value: string) => {
    const now = values.value[key]
    set({ [key]: now.includes(value) ? now.filter((each) => each !== value) : [...now, value] })
  }
  const word: Record<Dimension, (value: string) => string> = {
    topic: (value) => value,
    kind: (value) => t('quiz.kind.' + value),
    level: (value) => t('quiz.level.' + value),
    state: (value) => t('bank.state.' + value),
    use: (value) => t('bank.use.' + value),
  }
  const chips = computed(() => [
    ...dimensions.flatMap((key) => values.value[key].map((value) => ({ key: key as string, value, label: word[key](value) }))),
    ...(one('statute') ? [{ key: 'statute', value: one('statute'), label: citeText(one('statute'), one('article')) }] : []),
    ...(one('tag') ? [{ key: 'tag', value: one('tag'), label: '#' + one('tag') }] : []),
  ])
  const drop = (key: string, value: string) => {
    if (key === 'statute') set({ statute: undefined, article: undefined })
    else if (key === 'tag') set({ tag: undefined })
    else toggle(key as Dimension, value)
  }
  const clear = () => void router.replace({ query: {} })
  return { values, q, pending, mine, query, active, toggle, chips, drop, clear, set, word }
}
export type BankFilter = ReturnType<typeof useBankFilter>
