/** The server's feasibility proof of the rows on screen, asked again shortly after each change. */
import { computed, ref, watch, type Ref } from 'vue'
import { Right } from '@/api/rights'
import { can } from '@/api/session'
import { checkBlueprint, type Fit, type Row } from '../queries'

const quietFor = 350

export function useFit(id: Ref<number>, rows: Ref<Row[]>) {
  const fit = ref<Fit | null>(null)
  const error = ref<unknown>(null)
  const busy = ref(false)
  let turn = 0
  let timer = 0

  async function ask() {
    const mine = ++turn
    busy.value = true
    try {
      const answer = await checkBlueprint(id.value, rows.value)
      if (mine !== turn) return
      fit.value = answer
      error.value = null
    } catch (cause) {
      if (mine === turn) error.value = cause
    } finally {
      if (mine === turn) busy.value = false
    }
  }

  watch(
    () => [id.value, JSON.stringify(rows.value)],
    () => {
      clearTimeout(timer)
      // Reviewers read a draft without the proof, which the server keeps for those who manage contests.
      if (!id.value || !rows.value.length || !can(Right.manageContest)) {
        turn++
        fit.value = null
        return
      }
      timer = window.setTimeout(() => void ask(), fit.value ? quietFor : 0)
    },
    { immediate: true },
  )

  /** A row's line of the proof, while the proof is about as many rows as are on screen. */
  const lineOf = (index: number) => (fit.value && fit.value.rows.length === rows.value.length ? (fit.value.rows.find((line) => line.row === index) ?? null) : null)
  const short = computed(() => rows.value.map((_, index) => index).filter((index) => missing(lineOf(index)) > 0))
  return { fit, error, busy, ask, lineOf, short }
}
export type FitState = ReturnType<typeof useFit>

export const missing = (line: { needed: number; drawn: number } | null) => (line ? Math.max(0, line.needed - line.drawn) : 0)
