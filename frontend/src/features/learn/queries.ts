/** What learner pages ask of the server: key factory and calls in one place. */
import { computed, type Ref } from 'vue'
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { api, ok, whole } from '@/api/client'
import type { Contest } from '@/api/types'
import { answerStore } from '@/lib/answerStore'
import { me } from '@/api/session'

export const keys = {
  home: ['learn', 'home'] as const,
  contests: (state: string) => ['learn', 'contests', state] as const,
  intro: (id: number) => ['learn', 'intro', id] as const,
  board: (id: number) => ['learn', 'board', id] as const,
  attempts: ['learn', 'attempts'] as const,
  attempt: (id: number) => ['learn', 'attempt', id] as const,
  review: (id: number) => ['learn', 'review', id] as const,
  sessions: ['learn', 'sessions'] as const,
}

export const useHome = () => useQuery({ queryKey: keys.home, queryFn: () => ok(api.GET('/api/v1/me/home')) })

export type ContestState = Contest['state']

export function useContests(state: Ref<ContestState | ''>) {
  return useInfiniteQuery({
    queryKey: computed(() => keys.contests(state.value)),
    queryFn: ({ pageParam }) =>
      ok(api.GET('/api/v1/contests', { params: { query: { ...(state.value ? { state: state.value } : {}), ...(pageParam ? { cursor: pageParam } : {}) } } })),
    initialPageParam: '',
    getNextPageParam: (last) => last.nextCursor || undefined,
  })
}

export const useIntro = (id: Ref<number>) =>
  useQuery({
    queryKey: computed(() => keys.intro(id.value)),
    queryFn: () => ok(api.GET('/api/v1/contests/{id}/intro', { params: { path: { id: id.value } } })),
  })

export const useBoard = (id: Ref<number>) =>
  useQuery({
    queryKey: computed(() => keys.board(id.value)),
    queryFn: () => ok(api.GET('/api/v1/contests/{id}/board', { params: { path: { id: id.value } } })),
    refetchInterval: 30_000,
  })

export const useRecords = () =>
  useInfiniteQuery({
    queryKey: keys.attempts,
    queryFn: ({ pageParam }) => ok(api.GET('/api/v1/me/attempts', { params: { query: pageParam ? { cursor: pageParam } : {} } })),
    initialPageParam: '',
    getNextPageParam: (last) => last.nextCursor || undefined,
  })

export const useAttemptView = (id: Ref<number>) =>
  useQuery({
    queryKey: computed(() => keys.attempt(id.value)),
    queryFn: () => ok(api.GET('/api/v1/attempts/{id}', { params: { path: { id: id.value } } })),
  })

export const useReview = (id: Ref<number>, enabled: Ref<boolean>) =>
  useQuery({
    queryKey: computed(() => keys.review(id.value)),
    queryFn: () => ok(api.GET('/api/v1/attempts/{id}/review', { params: { path: { id: id.value } } })),
    enabled,
    staleTime: 300_000,
  })

export const useSessions = () => useQuery({ queryKey: keys.sessions, queryFn: () => whole((query) => ok(api.GET('/api/v1/me/sessions', { params: { query } }))) })

/** Starts an attempt, or opens the running one, and puts paper and lease on the device before the page changes. */
export function useStart() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async (contestId: number) => {
      const started = await ok(api.POST('/api/v1/contests/{id}/attempts', { params: { path: { id: contestId } } }))
      const store = await answerStore()
      const box = await store.load(started.id)
      if (started.lease) {
        await store
          .save({
            ...(box ?? { seq: 0, answers: [], marks: [], conflicts: [] }),
            attemptId: started.id,
            contestId,
            personId: me.value?.person.id ?? 0,
            lease: started.lease,
            paper: started.paper,
            touchedAt: Date.now(),
          })
          // The attempt page asks the server again when the device keeps nothing.
          .catch(() => undefined)
      }
      return started
    },
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: keys.home })
      void client.invalidateQueries({ queryKey: ['learn', 'intro'] })
      void client.invalidateQueries({ queryKey: keys.attempts })
    },
  })
}
