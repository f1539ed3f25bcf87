/** What the organiser's contest pages ask of the server: shapes, key factory and calls in one place. */
import { computed, type Ref } from 'vue'
import { useInfiniteQuery, useQuery } from '@tanstack/vue-query'
import { api, ok } from '@/api/client'

export type State = 'draft' | 'proposed' | 'scheduled' | 'open' | 'closed' | 'graded' | 'notice' | 'final' | 'suspended' | 'cancelled'
export type Kind = 'single' | 'multiple' | 'truefalse' | 'fill'
export type Scoring = 'M0' | 'M1' | 'M1h' | 'M2'
export type Show = 'never' | 'submit' | 'close' | 'at'

export interface Named { id: number; name: string }
/** Questions of these topics and kinds; empty lists mean any. Difficulty in 1/100, points in 1/100 point each. */
export interface Row { topicIds: number[]; kinds: Kind[]; difficultyLo: number; difficultyHi: number; count: number; points: number }
export interface Audience { all: boolean; unitIds: number[]; audienceIds: number[]; personIds: number[] }

export interface ContestInput {
  preset: string
  title: string
  notes: string
  opensAt: string | null
  closesAt: string | null
  limitMs: number
  hardClose: boolean
  attemptsTotal: number
  attemptsDay: number
  kept: 'best' | 'last' | 'first'
  scoring: Scoring
  passMark: number
  excellentMark: number
  takeover: 'free' | 'forbid'
  scoreShow: Show
  reviewShow: Show
  resultsAt: string | null
  audience: Audience
  rows: Row[]
}

export interface Contest extends ContestInput {
  id: number
  state: State
  revision: number
  edition: number
  unit: Named
  author: Named
  questions: number
  fullMark: number
  selfChecked: boolean
  stateReason: string
  createdAt: string
  updatedAt: string
  mayEdit: boolean
  mayApprove: boolean
  mayMonitor: boolean
}

export interface Preset { code: string; input: ContestInput }
export interface RowFit { row: number; available: number; needed: number; drawn: number; practised: number }
/** trials: mean difficulty of 200 trial papers in 1/1000, empty when a row is short; target in 1/100. */
export interface Fit { rows: RowFit[]; needed: number; drawn: number; short: number; binding: number; target: number; trials: number[]; practiceShare: number }
export interface Factor { person: Named; percent: number; reason: string }
export interface UnitCount { unit: Named; count: number }
export interface RosterPreview { count: number; byUnit: UnitCount[] }

export interface Topic { id: number; parentId?: number; name: string }
export interface Unit { id: number; parentId?: number; name: string; path?: string }
export interface Group { id: number; code: string; name: string }
export interface Person { id: number; name: string; unit: Named; position: string; staffNo: string }

export interface Health { queued: number; operations: number; groups: number; refused: number; replayed: number; p50Ms: number; p99Ms: number }
export interface MonitorUnit { unit: Named; expected: number; started: number; inProgress: number; submitted: number }
export interface MonitorView {
  contestId: number
  title: string
  state: State
  version: number
  serverTime: string
  opensAt: string
  closesAt: string
  expected: number
  guests: number
  notStarted: number
  inProgress: number
  disconnected: number
  suspended: number
  submitted: number
  units: MonitorUnit[]
  store: Health
}
export interface MonitorPerson {
  person: Named
  unit: Named
  position: string
  attemptId: number
  attemptNo: number
  state: string
  reason: string
  answered: number
  questions: number
  startedAt: string | null
  deadlineAt: string | null
  submittedAt: string | null
  submitKind: string
  lastSeenAt: string | null
  score: number | null
  lateAnswers: number
  timeFactor: number
}
export interface Result {
  rank: number | null
  person: Named
  unit: Named
  score: number
  timeMs: number
  attempts: number
  submittedAt: string
  passed: boolean
  excellent: boolean
  onRoster: boolean
  exempt: boolean
}
/** An act on an attempt that waits for a second person (mode two_person). */
export interface ProposedAct {
  id: number
  attemptId: number
  contest: Named
  personName: string
  unitName: string
  act: 'void' | 'unvoid' | 'reopen'
  minutes: number
  reason: string
  proposedBy: Named
  proposedAt: string
  mayDecide: boolean
}
export interface Page<T> { items: T[]; nextCursor?: string }
export interface RosterPerson { person: Named; unit: Named; position: string; exempt: boolean; reason: string; timeFactor: number }

// The schema types these paths once the server's document lists them.
type Loose = (path: string, init?: object) => Promise<{ data?: unknown; response: Response }>
const loose = api as unknown as { GET: Loose; POST: Loose; PUT: Loose; PATCH: Loose; DELETE: Loose }
const get = <T>(path: string, query?: object) => ok(loose.GET(path, { params: { query } })) as Promise<T>
const post = <T>(path: string, body?: object) => ok(loose.POST(path, { body: body ?? {} })) as Promise<T>
const put = <T>(path: string, body: object) => ok(loose.PUT(path, { body })) as Promise<T>

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
  monitor: (id: number) => ['contest', 'monitor', id] as const,
  names: (id: number, query: object) => ['contest', 'names', id, query] as const,
}

const base = '/api/v1/contests'

export const listContests = (query: object) => get<Page<Contest>>(base, query)
export const findContest = (id: number) => get<Contest>(`${base}/${id}`)
/** Times not chosen yet are left out: the server reads an absent one as none. */
const sent = (input: ContestInput) => Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null))
export const createContest = (input: ContestInput) => post<Contest>(base, sent(input))
export const updateContest = (id: number, revision: number, input: ContestInput) =>
  ok(loose.PATCH(`${base}/${id}`, { body: sent(input), headers: { 'If-Match': `"${revision}"` } })) as Promise<Contest>
export const checkBlueprint = (id: number, rows: Row[]) => post<Fit>(`${base}/${id}/feasibility`, { rows })
/** "All" is everything below the contest's unit, and so are groups without units. */
export function previewRoster(contest: Contest, audience: Audience): Promise<RosterPreview> {
  const whole = audience.all || (!audience.unitIds.length && audience.audienceIds.length > 0)
  return post<RosterPreview>(`${base}/${contest.id}/participants/preview`, { audience: whole ? { ...audience, all: false, unitIds: [contest.unit.id] } : audience })
}
export const matchPeople = (id: number, text: string) => post<Match>(`${base}/${id}/participants/match`, { text })
export const listFactors = (id: number) => get<Page<Factor>>(`${base}/${id}/time-factors`)
export const putFactors = (id: number, items: { personId: number; percent: number; reason: string }[]) => put<Page<Factor>>(`${base}/${id}/time-factors`, { items })
export const listRoster = (id: number) => get<Page<RosterPerson>>(`${base}/${id}/roster`)
export const listResults = (id: number) => get<Page<Result>>(`${base}/${id}/rankings/people`)
export const listActs = () => get<Page<ProposedAct>>('/api/v1/attempt-acts')
export const decideAct = (id: number, approve: boolean, reason: string) => post<unknown>(`/api/v1/attempt-acts/${id}/decision`, { approve, reason })
export const actOnContest = (id: number, path: string, body?: object) => post<Contest>(`${base}/${id}/${path}`, body)
export const findMonitor = (id: number) => get<MonitorView>(`${base}/${id}/monitor`)
export const listNames = (id: number, query: object) => get<Page<MonitorPerson>>(`${base}/${id}/monitor/people`, query)
export const extend = (id: number, body: { scope: string; id?: number; minutes: number; reason: string }) => post<{ changed: number }>(`${base}/${id}/extensions`, body)
/** done is false when the act waits for a second person. */
export const actOnAttempt = (attemptId: number, path: string, body: { reason: string; minutes?: number }) => post<{ done?: boolean } | undefined>(`/api/v1/attempts/${attemptId}/${path}`, body)

export interface MatchLine { line: number; text: string; candidates: Person[] }
export interface Match { found: Person[]; ambiguous: MatchLine[]; missing: MatchLine[] }

const long = { staleTime: 300_000 }
export const useTopics = () => useQuery({ queryKey: ['topics'], queryFn: () => get<Page<Topic>>('/api/v1/topics'), select: (page) => page.items, ...long })
export const useUnits = () => useQuery({ queryKey: ['units'], queryFn: () => get<Page<Unit>>('/api/v1/units'), select: (page) => page.items, ...long })
export const useGroups = () => useQuery({ queryKey: ['audiences'], queryFn: () => get<Page<Group>>('/api/v1/audiences'), select: (page) => page.items, ...long })
export const usePresets = () => useQuery({ queryKey: keys.presets, queryFn: () => get<Page<Preset>>('/api/v1/contest-presets'), select: (page) => page.items, ...long })
export const findPeople = (query: object) => get<Page<Person>>('/api/v1/people', query)
/** Drafts of a row's topics and kinds that wait for a reviewer: they would count once published. */
export const countDrafts = async (topicIds: number[], kinds: string[]) =>
  (await get<{ total?: number; items: unknown[] }>('/api/v1/questions', { topic: topicIds, kind: kinds, state: ['draft'], count: true, limit: 1 })).total ?? 0

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
