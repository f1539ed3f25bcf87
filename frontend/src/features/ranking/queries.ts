/** What the ranking pages ask of the server: keys and calls in one place. */
import { computed, type Ref } from 'vue'
import { useMutation, useQuery, useQueryClient, type QueryClient } from '@tanstack/vue-query'
import { api, download, ok, whole } from '@/api/client'
import type { CorrectInBody, ExemptInBody } from '@/api/schema'
import { lang } from '@/i18n'
import type { Board, Contest } from './types'

const keys = {
  all: ['ranking'] as const,
  contests: ['ranking', 'contests'] as const,
  of: (id: number, ...rest: unknown[]) => ['ranking', id, ...rest] as const,
}
/** A running contest's board is looked at again every five seconds; the server rebuilds at most once a second. */
const live = 5_000

/** States in which a contest has a board worth showing, the running one first. */
const ranked = ['open', 'suspended', 'closed', 'graded', 'notice', 'final']

export const useContests = () =>
  useQuery({
    queryKey: keys.contests,
    queryFn: async (): Promise<Contest[]> => {
      const page = await ok(api.GET('/api/v1/contests', { params: { query: { limit: 200 } } }))
      const order = (one: Contest) => (one.state === 'open' || one.state === 'suspended' ? 0 : 1)
      return page.items.filter((one) => ranked.includes(one.state)).sort((a, b) => order(a) - order(b) || (b.closesAt ?? '').localeCompare(a.closesAt ?? ''))
    },
    staleTime: 30_000,
  })

export interface Reading extends Board {
  /** First 16 hex digits of the reading's hash: stands in the footer of what is printed. */
  mark: string
}

export const useBoard = (id: Ref<number>, running: Ref<boolean>) =>
  useQuery({
    queryKey: computed(() => keys.of(id.value, 'units')),
    queryFn: async (): Promise<Reading> => {
      const { data, response } = await api.GET('/api/v1/contests/{id}/rankings/units', { params: { path: { id: id.value } } })
      const mark = /[0-9a-f]{16}/.exec(response.headers.get('ETag') ?? '')?.[0] ?? ''
      return { ...(data as Board), mark }
    },
    enabled: computed(() => id.value > 0),
    refetchInterval: () => (running.value ? live : false),
  })

export const useExplanation = (id: Ref<number>, unit: Ref<number | null>, running: Ref<boolean>) =>
  useQuery({
    queryKey: computed(() => keys.of(id.value, 'why', unit.value)),
    queryFn: () => ok(api.GET('/api/v1/contests/{id}/rankings/units/{unitId}', { params: { path: { id: id.value, unitId: unit.value ?? 0 } } })),
    enabled: computed(() => id.value > 0 && unit.value !== null),
    refetchInterval: () => (running.value ? live : false),
    placeholderData: (before, query) => (query?.queryKey[1] === id.value && query?.queryKey[3] === unit.value ? before : undefined),
  })

export const useMissing = (id: Ref<number>, unit: Ref<number | null>) =>
  useQuery({
    queryKey: computed(() => keys.of(id.value, 'missing', unit.value)),
    queryFn: async () => (await ok(api.GET('/api/v1/contests/{id}/rankings/units/{unitId}/missing', { params: { path: { id: id.value, unitId: unit.value ?? 0 } } }))).items,
    enabled: computed(() => id.value > 0 && unit.value !== null),
  })

export const useDrill = (id: Ref<number>, unit: Ref<number>) =>
  useQuery({
    queryKey: computed(() => keys.of(id.value, 'drill', unit.value)),
    queryFn: () => ok(api.GET('/api/v1/contests/{id}/rankings/units/{unitId}/people', { params: { path: { id: id.value, unitId: unit.value } } })),
  })

export const usePeopleBoard = (id: Ref<number>, enabled: Ref<boolean>, running: Ref<boolean>) =>
  useQuery({
    queryKey: computed(() => keys.of(id.value, 'people')),
    queryFn: async () => (await ok(api.GET('/api/v1/contests/{id}/rankings/people', { params: { path: { id: id.value } } }))).items,
    enabled,
    refetchInterval: () => (running.value ? live : false),
  })

/** The bureau's acts; each is a state move of the contest or its board. */
export type Act = 'notice' | 'final' | 'freeze' | 'unfreeze'
function perform(id: number, act: Act): Promise<unknown> {
  const at = { params: { path: { id } } }
  switch (act) {
    case 'notice': return ok(api.POST('/api/v1/contests/{id}/notice', at))
    case 'final': return ok(api.POST('/api/v1/contests/{id}/final', at))
    case 'freeze': return ok(api.POST('/api/v1/contests/{id}/board/freezing', at))
    case 'unfreeze': return ok(api.POST('/api/v1/contests/{id}/board/unfreezing', at))
  }
}
export function useBoardAct(id: Ref<number>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (act: Act) => perform(id.value, act),
    onSuccess: () => readAgain(client),
  })
}

function readAgain(client: QueryClient) {
  // The board is read anew at most once a second, so it is asked for once more after that.
  window.setTimeout(() => void client.invalidateQueries({ queryKey: keys.all }), 1200)
  return client.invalidateQueries({ queryKey: keys.all })
}

export const useExemptions = (id: Ref<number>) =>
  useQuery({
    queryKey: computed(() => keys.of(id.value, 'exemptions')),
    queryFn: async () => (await whole((query) => ok(api.GET('/api/v1/contests/{id}/exemptions', { params: { path: { id: id.value }, query } })))).items,
  })

export const useCorrections = (id: Ref<number>) =>
  useQuery({
    queryKey: computed(() => keys.of(id.value, 'corrections')),
    queryFn: async () => (await whole((query) => ok(api.GET('/api/v1/contests/{id}/corrections', { params: { path: { id: id.value }, query } })))).items,
  })

/** A few people by what somebody typed. */
export const searchPeople = (q: string) => ok(api.GET('/api/v1/people', { params: { query: { q, limit: 20 } } }))

/** The whole tree, to pick a unit from. */
export const useUnits = () =>
  useQuery({ queryKey: ['ranking', 'units'], queryFn: async () => (await whole((query) => ok(api.GET('/api/v1/units', { params: { query } })))).items, staleTime: 60_000 })

/** Changes of who is expected, each with its reason. */
export function useRosterActs(id: Ref<number>) {
  const client = useQueryClient()
  const at = () => ({ path: { id: id.value } })
  const onSuccess = () => readAgain(client)
  return {
    exempt: useMutation({ mutationFn: (body: ExemptInBody) => ok(api.POST('/api/v1/contests/{id}/exemptions', { params: at(), body })), onSuccess }),
    withdraw: useMutation({
      mutationFn: ({ personId, reason }: ExemptInBody) =>
        ok(api.POST('/api/v1/contests/{id}/exemptions/{personId}/withdrawal', { params: { path: { id: id.value, personId } }, body: { reason } })),
      onSuccess,
    }),
    correct: useMutation({ mutationFn: (body: CorrectInBody) => ok(api.POST('/api/v1/contests/{id}/corrections', { params: at(), body })), onSuccess }),
  }
}

export const exportBoard = (id: number, reason: string, name: string) =>
  download(`/api/v1/contests/${id}/rankings/export?lang=${lang.value}${reason ? '&reason=' + encodeURIComponent(reason) : ''}`, name)

/** Units I hold a role over: whose rows I may open. */
export const useMyUnits = () =>
  useQuery({
    queryKey: ['ranking', 'my-units'],
    queryFn: async () => new Set((await whole((query) => ok(api.GET('/api/v1/units', { params: { query } })))).items.map((one) => one.id)),
    staleTime: 60_000,
  })
