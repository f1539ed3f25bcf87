/** What the desk's first page asks: contests I organise or belong to, the board of one, questions that wait. */
import { computed, type Ref } from 'vue'
import { useQuery } from '@tanstack/vue-query'
import { api, ok } from '@/api/client'

export type { Board, Contest, UnitStand as UnitRow } from '@/api/schema'

export const useContests = (enabled: boolean) =>
  useQuery({
    queryKey: ['today', 'contests'],
    queryFn: async () => (await ok(api.GET('/api/v1/contests', { params: { query: { limit: 100 } } }))).items,
    enabled,
  })

/** Questions of running contests whose key looks wrong. */
export const useAlarms = (enabled: boolean) =>
  useQuery({ queryKey: ['today', 'key-alarms'], queryFn: async () => (await ok(api.GET('/api/v1/key-alarms'))).items, enabled, refetchInterval: 60_000 })

export const useBoard = (id: Ref<number | null>) =>
  useQuery({
    queryKey: computed(() => ['today', 'board', id.value]),
    queryFn: () => ok(api.GET('/api/v1/contests/{id}/rankings/units', { params: { path: { id: id.value ?? 0 } } })),
    enabled: computed(() => id.value !== null),
    refetchInterval: 15_000,
  })

export const useWaitingQuestions = (enabled: boolean) =>
  useQuery({
    queryKey: ['today', 'questions'],
    queryFn: async (): Promise<{ shown: number; more: boolean }> => {
      const page = await ok(api.GET('/api/v1/questions', { params: { query: { state: ['draft'], limit: 100 } } }))
      return { shown: page.items.length, more: !!page.nextCursor }
    },
    enabled,
  })

export const useWaitingPeople = (enabled: boolean) =>
  useQuery({
    queryKey: ['today', 'waiting-people'],
    queryFn: async (): Promise<{ shown: number; more: boolean }> => {
      const page = await ok(api.GET('/api/v1/people', { params: { query: { activated: 'false', limit: 200 } } }))
      return { shown: page.items.length, more: !!page.nextCursor }
    },
    enabled,
  })
