/** What the auditor's page asks of the server, and the last verification made on this device. */
import { computed, type Ref } from 'vue'
import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/vue-query'
import { api, ok } from '@/api/client'
import { serverNow } from '@/api/time'
import { lastVerified, type Verified } from '@/lib/verified'

export interface AuditFilter {
  from: string
  to: string
  actor: number | null
  action: string
  object: string
}

export function useAudit(filter: Ref<AuditFilter>) {
  return useInfiniteQuery({
    queryKey: computed(() => ['audit', filter.value]),
    queryFn: ({ pageParam }) => {
      const query = Object.fromEntries(Object.entries({ ...filter.value, cursor: pageParam }).filter(([, value]) => value !== '' && value !== null))
      return ok(api.GET('/api/v1/audit', { params: { query } }))
    },
    initialPageParam: '',
    getNextPageParam: (last) => last.nextCursor || undefined,
    placeholderData: (before) => before,
  })
}

/** The newest record, whatever the filter. */
export const useHead = () =>
  useQuery({
    queryKey: ['audit', 'head'],
    queryFn: async () => (await ok(api.GET('/api/v1/audit', { params: { query: { limit: 1 } } }))).items[0] ?? null,
  })

export const useVerify = () =>
  useMutation({
    mutationFn: async (): Promise<Verified> => {
      const outcome = await ok(api.POST('/api/v1/audit/verification'))
      return { ...outcome, at: new Date(serverNow()).toISOString() }
    },
    onSuccess: (outcome) => (lastVerified.value = outcome),
  })
