/** What the organiser's contest pages ask of the server: shapes, key factory and calls in one place. */
import { computed, type Ref } from 'vue'
import { useInfiniteQuery, useQuery } from '@tanstack/vue-query'
import { api, ok, whole } from '@/api/client'
import type * as schema from '@/api/schema'

type Query<Name extends keyof schema.operations> = NonNullable<schema.operations[Name]['parameters']['query']>
export type Named = schema.Ref
export type Contest = schema.Contest
export type State = Contest['state']
export type Scoring = Contest['scoring']
export type Row = schema.Row
export type Kind = schema.QuestionPartBody['kind']
export const kinds: Kind[] = ['single', 'multiple', 'truefalse', 'fill', 'matching', 'ordering', 'essay', 'group']
export type Audience = schema.Target
/** What a trainer sets, as the wizard holds it: everything present, times null until chosen. */
export type ContestInput = schema.Rules
export type Preset = schema.Preset
export type Fit = schema.Fit
export type RowFit = schema.RowFit
export type RosterPreview = schema.RosterPreview
export type Topic = schema.Topic
/** A person as pickers show them. */
export type Person = schema.Member
export type MonitorView = schema.Monitor
export type MonitorUnit = schema.MonitorUnit
export type MonitorPerson = schema.MonitorPerson
export type Health = schema.StoreHealth
/** An act on an attempt that waits for a second person (mode two_person). */
export type ProposedAct = schema.Act
export type Match = schema.Match
export type AnswerToMark = schema.AnswerToMark
export interface Page<T> { items: T[]; nextCursor: string | null }

export const keys = {
  list: (query: object) => ['contest', 'list', query] as const,
  one: (id: number) => ['contest', 'one', id] as const,
  presets: ['contest', 'presets'] as const,
  roster: (id: number) => ['contest', 'roster', id] as const,
  named: (id: number, ids: string) => ['contest', 'named', id, ids] as const,
  acts: ['contest', 'acts'] as const,
  preview: (id: number, audience: object) => ['contest', 'preview', id, audience] as const,
  factors: (id: number) => ['contest', 'factors', id] as const,
  results: (id: number) => ['contest', 'results', id] as const,
  analysis: (id: number) => ['contest', 'analysis', id] as const,
  alarms: (id: number) => ['contest', 'alarms', id] as const,
  monitor: (id: number) => ['contest', 'monitor', id] as const,
  marking: (id: number) => ['contest', 'marking', id] as const,
  names: (id: number, query: object) => ['contest', 'names', id, query] as const,
}

const base = '/api/v1/contests'
const one = `${base}/{id}` as const
const at = (id: number) => ({ path: { id } })

export const listContests = (query: Query<'listContests'>) => ok(api.GET(base, { params: { query } }))
export const findContest = (id: number) => ok(api.GET(one, { params: at(id) }))
/** The server's input names the enumerations more narrowly than what it shows. */
const sent = (input: ContestInput) => input as schema.ContestInput
export const createContest = (input: ContestInput) => ok(api.POST(base, { body: sent(input) }))
export const updateContest = (id: number, revision: number, input: ContestInput) =>
  ok(api.PATCH(one, { params: { ...at(id), header: { 'If-Match': `"${revision}"` } }, body: sent(input) }))
export const checkBlueprint = (id: number, rows: Row[]) => ok(api.POST(`${one}/feasibility`, { params: at(id), body: { rows: rows as schema.RowInput[] } }))
/** "All" is everything below the contest's unit, and so are groups without units. */
export function previewRoster(contest: Contest, audience: Audience): Promise<RosterPreview> {
  const whole = audience.all || (!audience.unitIds.length && audience.audienceIds.length > 0)
  return ok(api.POST(`${one}/participants/preview`, { params: at(contest.id), body: { audience: whole ? { ...audience, all: false, unitIds: [contest.unit.id] } : audience } }))
}
export const matchPeople = (id: number, text: string) => ok(api.POST(`${one}/participants/match`, { params: at(id), body: { text } }))
export const namesInFile = async (file: File) =>
  (
    await ok(
      api.POST('/api/v1/participants/file', {
        body: { file: file.name },
        bodySerializer: () => {
          const form = new FormData()
          form.append('file', file)
          return form
        },
      }),
    )
  ).text
export const listFactors = (id: number) => whole((query) => ok(api.GET(`${one}/time-factors`, { params: { ...at(id), query } })))
export const putFactors = (id: number, items: schema.FactorsInBody['items']) => ok(api.PUT(`${one}/time-factors`, { params: at(id), body: { items } }))
export const listRoster = (id: number) => whole((query) => ok(api.GET(`${one}/roster`, { params: { ...at(id), query } })))
export const listResults = (id: number) => ok(api.GET(`${one}/rankings/people`, { params: at(id) }))

/** What an act on a contest asks for; which of these it sends is its own affair. */
export interface ActBody { reason: string; closesAt?: string }
const contestActs = {
  publication: (id: number) => ok(api.POST(`${one}/publication`, { params: at(id) })),
  approval: (id: number) => ok(api.POST(`${one}/approval`, { params: at(id) })),
  notice: (id: number) => ok(api.POST(`${one}/notice`, { params: at(id) })),
  final: (id: number) => ok(api.POST(`${one}/final`, { params: at(id) })),
  withdrawal: (id: number, { reason }: ActBody) => ok(api.POST(`${one}/withdrawal`, { params: at(id), body: { reason } })),
  cancellation: (id: number, { reason }: ActBody) => ok(api.POST(`${one}/cancellation`, { params: at(id), body: { reason } })),
  suspension: (id: number, { reason }: ActBody) => ok(api.POST(`${one}/suspension`, { params: at(id), body: { reason } })),
  resumption: (id: number, { reason }: ActBody) => ok(api.POST(`${one}/resumption`, { params: at(id), body: { reason } })),
  closing: (id: number, body: ActBody) => ok(api.POST(`${one}/closing`, { params: at(id), body })),
}
export type ContestAct = keyof typeof contestActs
export const actOnContest = (id: number, act: ContestAct, body: ActBody = { reason: '' }): Promise<Contest> => contestActs[act](id, body)

export const findAnalysis = (id: number) => ok(api.GET(`${one}/analysis`, { params: at(id) }))
export const useAlarms = (id: Ref<number>, enabled: boolean) =>
  useQuery({ enabled, queryKey: computed(() => keys.alarms(id.value)), queryFn: () => ok(api.GET('/api/v1/key-alarms', { params: { query: { contest: id.value } } })), refetchInterval: 60_000 })

export const listActs = () => whole((query) => ok(api.GET('/api/v1/attempt-acts', { params: { query } })))
export const decideAct = (id: number, approve: boolean, reason: string) => ok(api.POST('/api/v1/attempt-acts/{id}/decision', { params: at(id), body: { approve, reason } }))

export const listMarking = (id: number, query: Query<'listMarking'>) => ok(api.GET(`${one}/marking`, { params: { ...at(id), query } }))
export const markAnswer = (attemptId: number, slot: number, score: number, note: string) =>
  ok(api.PUT('/api/v1/attempts/{id}/marks/{n}', { params: { path: { id: attemptId, n: slot } }, body: { score, ...(note ? { note } : {}) } }))

export const findMonitor = (id: number) => ok(api.GET(`${one}/monitor`, { params: at(id) }))
export const listNames = (id: number, query: Query<'listMonitorPeople'>) => ok(api.GET(`${one}/monitor/people`, { params: { ...at(id), query } }))
export const extend = (id: number, body: schema.ExtensionInBody) => ok(api.POST(`${one}/extensions`, { params: at(id), body }))

const attempt = '/api/v1/attempts/{id}'
export type AttemptAct = 'suspension' | 'resumption' | 'voiding' | 'unvoiding' | 'reopening'
/** Whether the act is done; false when it waits for a second person. */
export async function actOnAttempt(id: number, act: AttemptAct, body: { reason: string; minutes?: number }): Promise<boolean> {
  const { reason } = body
  if (act === 'suspension') await ok(api.POST(`${attempt}/suspension`, { params: at(id), body: { reason } }))
  else if (act === 'resumption') await ok(api.POST(`${attempt}/resumption`, { params: at(id), body: { reason } }))
  else if (act === 'voiding') return (await ok(api.POST(`${attempt}/voiding`, { params: at(id), body: { reason } }))).done
  else if (act === 'unvoiding') return (await ok(api.POST(`${attempt}/unvoiding`, { params: at(id), body: { reason } }))).done
  else return (await ok(api.POST(`${attempt}/reopening`, { params: at(id), body }))).done
  return true
}

const long = { staleTime: 300_000 }
export const useTopics = () => useQuery({ queryKey: ['topics'], queryFn: () => whole((query) => ok(api.GET('/api/v1/topics', { params: { query } }))), select: (page) => page.items, ...long })
export const useUnits = () => useQuery({ queryKey: ['units'], queryFn: () => whole((query) => ok(api.GET('/api/v1/units', { params: { query } }))), select: (page) => page.items, ...long })
export const useGroups = () => useQuery({ queryKey: ['audiences'], queryFn: () => whole((query) => ok(api.GET('/api/v1/audiences', { params: { query } }))), select: (page) => page.items, ...long })
export const usePresets = (enabled: boolean) => useQuery({ enabled, queryKey: keys.presets, queryFn: () => whole((query) => ok(api.GET('/api/v1/contest-presets', { params: { query } }))), select: (page) => page.items, ...long })
export const findPeople = (q: string) => ok(api.GET('/api/v1/people', { params: { query: { q, limit: 20 } } }))
export const findPerson = (id: number) => ok(api.GET('/api/v1/people/{id}', { params: at(id) }))
/** Drafts of a row's topics and kinds that wait for a reviewer: they would count once published. */
export const countDrafts = async (topicIds: number[], kinds: string[]) =>
  (await ok(api.GET('/api/v1/questions', { params: { query: { topic: topicIds, kind: kinds as Kind[], state: ['draft'], count: true, limit: 1 } } }))).total ?? 0

export const useContest = (id: Ref<number>) =>
  useQuery({ queryKey: computed(() => keys.one(id.value)), queryFn: () => findContest(id.value), enabled: computed(() => id.value > 0) })

/** A paged list whose filter is reactive. */
export function usePaged<T>(key: Ref<readonly unknown[]>, load: (cursor: string) => Promise<Page<T>>, options: { enabled?: Ref<boolean>; refetchInterval?: number } = {}) {
  return useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) => load(pageParam),
    initialPageParam: '',
    getNextPageParam: (last: Page<T>) => last.nextCursor || undefined,
    ...options,
  })
}
