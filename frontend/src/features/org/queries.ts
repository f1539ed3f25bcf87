/** What the organisation pages ask of the server: keys and calls in one place. */
import { computed, type Ref } from 'vue'
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { api, download, ok, whole } from '@/api/client'
import type * as schema from '@/api/schema'
import type { Import, RowState } from './types'

export const keys = {
  units: ['org', 'units'] as const,
  audiences: ['org', 'audiences'] as const,
  people: ['org', 'people'] as const,
  person: (id: number) => ['org', 'person', id] as const,
  grants: ['org', 'grants'] as const,
  sessions: ['org', 'sessions'] as const,
  import: (id: number) => ['org', 'import', id] as const,
  importRows: (id: number) => ['org', 'import', id, 'rows'] as const,
}

/** Drops what does not narrow: the server takes an absent parameter, not an empty one. */
function filled<Query extends object>(values: { [Key in keyof Query]: Query[Key] | '' | null | undefined }): Query {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== '' && value !== null && value !== undefined)) as Query
}
type PeopleQuery = NonNullable<schema.operations['listPeople']['parameters']['query']>
type GrantQuery = NonNullable<schema.operations['listGrants']['parameters']['query']>

export const useUnits = () =>
  useQuery({ queryKey: keys.units, queryFn: () => whole((query) => ok(api.GET('/api/v1/units', { params: { query } }))), staleTime: 60_000 })

export const useAudiences = () =>
  useQuery({ queryKey: keys.audiences, queryFn: () => whole((query) => ok(api.GET('/api/v1/audiences', { params: { query } }))), staleTime: 60_000 })

export interface PeopleFilter {
  unit: number | null
  q: string
  status: string
  audience: number | null
  role: string
  activated: string
}

export function usePeople(filter: Ref<PeopleFilter>) {
  return useInfiniteQuery({
    queryKey: computed(() => [...keys.people, filter.value]),
    queryFn: ({ pageParam, signal }) =>
      ok(api.GET('/api/v1/people', { params: { query: filled<PeopleQuery>({ ...filter.value, cursor: pageParam } as Parameters<typeof filled<PeopleQuery>>[0]) }, signal })),
    initialPageParam: '',
    getNextPageParam: (last) => last.nextCursor || undefined,
    placeholderData: (before) => before,
  })
}

/** A few people by what somebody typed, for pickers. */
export const searchPeople = (q: string, signal?: AbortSignal) =>
  ok(api.GET('/api/v1/people', { params: { query: { q, limit: 20 } }, signal }))

export const usePerson = (id: Ref<number | null>) =>
  useQuery({
    queryKey: computed(() => keys.person(id.value ?? 0)),
    queryFn: () => ok(api.GET('/api/v1/people/{id}', { params: { path: { id: id.value ?? 0 } } })),
    enabled: computed(() => id.value !== null),
  })

export type PersonInput = schema.CreatePersonInBody

export function usePersonActs() {
  const client = useQueryClient()
  const done = (id?: number) =>
    Promise.all([
      client.invalidateQueries({ queryKey: keys.people }),
      id ? client.invalidateQueries({ queryKey: keys.person(id) }) : undefined,
      client.invalidateQueries({ queryKey: keys.grants }),
    ])
  return {
    create: useMutation({
      mutationFn: (body: PersonInput) => ok(api.POST('/api/v1/people', { body })),
      onSuccess: () => done(),
    }),
    update: useMutation({
      mutationFn: ({ id, body }: { id: number; body: schema.UpdatePersonInBody }) =>
        ok(api.PATCH('/api/v1/people/{id}', { params: { path: { id } }, body })),
      onSuccess: (person) => done(person.id),
    }),
    anonymise: useMutation({
      mutationFn: ({ id, reason }: { id: number; reason: string }) =>
        ok(api.POST('/api/v1/people/{id}/anonymisation', { params: { path: { id } }, body: { reason } })),
      onSuccess: (_, { id }) => done(id),
    }),
    unlock: useMutation({
      mutationFn: (id: number) => ok(api.POST('/api/v1/people/{id}/unlock', { params: { path: { id } } })),
      onSuccess: (_, id) => done(id),
    }),
  }
}

/** New codes for these people, or for everybody below the unit who has not activated; older codes stop working. */
export const useSlips = () =>
  useMutation({
    mutationFn: ({ unitId, personIds }: { unitId: number; personIds: number[] }) =>
      ok(api.POST('/api/v1/units/{id}/activation-slips', { params: { path: { id: unitId } }, body: personIds.length ? { personIds } : {} })),
  })

/** The form of a unit: of the server's input, what a form always holds. */
export type UnitInput = schema.CreateUnitInBody & Required<Pick<schema.CreateUnitInBody, 'shortName' | 'kind' | 'code' | 'sort' | 'aliases'>>

export function useUnitActs() {
  const client = useQueryClient()
  const done = () => client.invalidateQueries({ queryKey: keys.units })
  return {
    create: useMutation({
      mutationFn: (body: UnitInput) => ok(api.POST('/api/v1/units', { body })),
      onSuccess: done,
    }),
    update: useMutation({
      mutationFn: ({ id, body }: { id: number; body: schema.UpdateUnitInBody }) =>
        ok(api.PATCH('/api/v1/units/{id}', { params: { path: { id } }, body })),
      onSuccess: done,
    }),
  }
}

export function useAddAudience() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (name: string) => ok(api.POST('/api/v1/audiences', { body: { name } })),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.audiences }),
  })
}

export interface GrantFilter {
  unit: number | null
  person: number | null
  role: string
}

export function useGrants(filter: Ref<GrantFilter>, enabled: Ref<boolean>) {
  return useInfiniteQuery({
    queryKey: computed(() => [...keys.grants, filter.value]),
    queryFn: ({ pageParam }) =>
      ok(api.GET('/api/v1/role-grants', { params: { query: filled<GrantQuery>({ ...filter.value, limit: 100, cursor: pageParam } as Parameters<typeof filled<GrantQuery>>[0]) } })),
    initialPageParam: '',
    getNextPageParam: (last) => last.nextCursor || undefined,
    placeholderData: (before) => before,
    enabled,
  })
}

export function useGrantActs() {
  const client = useQueryClient()
  const done = () => Promise.all([keys.grants, keys.people, ['org', 'person']].map((queryKey) => client.invalidateQueries({ queryKey })))
  return {
    grant: useMutation({
      mutationFn: (body: schema.GrantInBody) => ok(api.POST('/api/v1/role-grants', { body })),
      onSuccess: done,
    }),
    revoke: useMutation({
      mutationFn: ({ id, reason }: { id: number; reason: string }) => ok(api.DELETE('/api/v1/role-grants/{id}', { params: { path: { id }, query: { reason } } })),
      onSuccess: done,
    }),
  }
}

export const useSetMode = () =>
  useMutation({ mutationFn: (mode: 'quick' | 'two_person') => ok(api.PUT('/api/v1/mode', { body: { mode } })) })

export const useOwnSessions = () =>
  useQuery({ queryKey: keys.sessions, queryFn: () => whole((query) => ok(api.GET('/api/v1/me/sessions', { params: { query } }))) })

export function useEndSession() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => ok(api.DELETE('/api/v1/me/sessions/{id}', { params: { path: { id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.sessions }),
  })
}

const working = (state: Import['state'] | undefined) => state === 'reading' || state === 'applying'

/** An import; while the server reads or applies it, asked for again twice a second. */
export const useImport = (id: Ref<number | null>) =>
  useQuery({
    queryKey: computed(() => keys.import(id.value ?? 0)),
    queryFn: () => ok(api.GET('/api/v1/people-imports/{id}', { params: { path: { id: id.value ?? 0 } } })),
    enabled: computed(() => id.value !== null),
    refetchInterval: (query) => (working(query.state.data?.state) ? 500 : false),
  })

export function useImportRows(id: Ref<number | null>, state: Ref<RowState>, enabled: Ref<boolean>) {
  return useInfiniteQuery({
    queryKey: computed(() => [...keys.importRows(id.value ?? 0), state.value]),
    queryFn: ({ pageParam }) =>
      ok(api.GET('/api/v1/people-imports/{id}/rows', { params: { path: { id: id.value ?? 0 }, query: { state: state.value, limit: 100, ...(pageParam ? { cursor: pageParam } : {}) } } })),
    initialPageParam: '',
    getNextPageParam: (last) => last.nextCursor || undefined,
    enabled,
  })
}

export function useImportActs() {
  const client = useQueryClient()
  return {
    upload: useMutation({
      mutationFn: ({ file, createUnits }: { file: File; createUnits: boolean }) =>
        ok(
          api.POST('/api/v1/people-imports', {
            body: { file: file.name, createUnits },
            bodySerializer: () => {
              const form = new FormData()
              form.append('file', file)
              if (createUnits) form.append('createUnits', 'true')
              return form
            },
          }),
        ),
      onSuccess: (made) => client.setQueryData(keys.import(made.id), made),
    }),
    decide: useMutation({
      mutationFn: ({ id, n, personId }: { id: number; n: number; personId: number | null }) =>
        ok(api.PUT('/api/v1/people-imports/{id}/rows/{n}/decision', { params: { path: { id, n } }, body: { personId } })),
      onSuccess: (_, { id }) => client.invalidateQueries({ queryKey: keys.import(id) }),
    }),
    apply: useMutation({
      mutationFn: (id: number) => ok(api.POST('/api/v1/people-imports/{id}/application', { params: { path: { id } } })),
      onSuccess: (_, id) => Promise.all([client.invalidateQueries({ queryKey: keys.import(id) }), client.invalidateQueries({ queryKey: ['org'] })]),
    }),
  }
}

export const downloadTemplate = (name: string) => download('/api/v1/people-imports/template', name)
export const downloadMarked = (id: number, name: string) => download(`/api/v1/people-imports/${id}/workbook`, name)
