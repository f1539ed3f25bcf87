/**
 * A contest being written: loaded once, then kept by the page and saved by itself shortly after each change.
 * Every save names the revision it started from, so that two people never overwrite each other unseen.
 */
import { computed, reactive, ref, watch, onBeforeUnmount } from 'vue'
import { useQueryClient } from '@tanstack/vue-query'
import { isStatus } from '@/api/errors'
import { serverNow } from '@/api/time'
import { createContest, findContest, keys, updateContest, type Contest, type ContestInput } from '../queries'

const quietFor = 900

export const emptyInput = (): ContestInput => ({
  preset: '', title: '', notes: '', opensAt: null, closesAt: null, limitMs: 20 * 60_000, hardClose: true, attemptsTotal: 1, attemptsDay: 0,
  kept: 'best', scoring: 'M0', passMark: 6000, excellentMark: 9000, takeover: 'free', scoreShow: 'submit', reviewShow: 'close', resultsAt: null,
  audience: { all: true, unitIds: [], audienceIds: [], personIds: [] }, rows: [],
})

const fields = Object.keys(emptyInput()) as (keyof ContestInput)[]
const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T
const pick = (from: ContestInput): ContestInput => copy(Object.fromEntries(fields.map((field) => [field, from[field] ?? emptyInput()[field]])) as unknown as ContestInput)

export function useDraft() {
  const cache = useQueryClient()
  const input = reactive<ContestInput>(emptyInput())
  const contest = ref<Contest | null>(null)
  const loading = ref(false)
  const loadError = ref<unknown>(null)
  const saving = ref(false)
  const savedAt = ref(0)
  const saveError = ref<unknown>(null)
  /** Somebody else saved after we read. */
  const overtaken = computed(() => isStatus(saveError.value, 412))
  let saved = ''
  let timer = 0
  let running: Promise<boolean> | null = null

  const dirty = () => JSON.stringify(input) !== saved
  const readOnly = computed(() => contest.value !== null && (contest.value.state !== 'draft' || !contest.value.mayEdit))

  function take(next: Contest, keepInput = false) {
    contest.value = next
    const server = pick(next)
    if (!keepInput) Object.assign(input, server)
    saved = JSON.stringify(keepInput ? server : input)
    cache.setQueryData(keys.one(next.id), next)
  }

  async function load(id: number) {
    loading.value = true
    loadError.value = null
    try {
      take(await findContest(id))
      saveError.value = null
      savedAt.value = Date.parse(contest.value!.updatedAt)
    } catch (error) {
      loadError.value = error
    } finally {
      loading.value = false
    }
  }

  async function create(): Promise<Contest> {
    const made = await createContest(copy(input))
    take(made)
    savedAt.value = serverNow()
    return made
  }

  /** Saves what is unsaved; false when it could not. */
  async function save(): Promise<boolean> {
    clearTimeout(timer)
    if (running) await running
    if (!contest.value || readOnly.value || !dirty()) return true
    running = write()
    try {
      return await running
    } finally {
      running = null
    }
  }

  async function write(): Promise<boolean> {
    saving.value = true
    const sent = copy(input)
    try {
      const next = await updateContest(contest.value!.id, contest.value!.revision, sent)
      contest.value = next
      saved = JSON.stringify(sent)
      cache.setQueryData(keys.one(next.id), next)
      savedAt.value = serverNow()
      saveError.value = null
      return true
    } catch (error) {
      saveError.value = error
      return false
    } finally {
      saving.value = false
    }
  }

  watch(input, () => {
    if (!contest.value || readOnly.value || overtaken.value) return
    clearTimeout(timer)
    timer = window.setTimeout(() => void save(), quietFor)
  })
  const leaving = (event: BeforeUnloadEvent) => {
    if (contest.value && !readOnly.value && dirty()) event.preventDefault()
  }
  window.addEventListener('beforeunload', leaving)
  onBeforeUnmount(() => {
    window.removeEventListener('beforeunload', leaving)
    void save()
  })

  return { input, contest, loading, loadError, saving, savedAt, saveError, overtaken, readOnly, load, create, save }
}
export type Draft = ReturnType<typeof useDraft>
