/** What the bank's pages ask of the server: shapes, key factory and calls in one place. */
import { computed, type Ref } from 'vue'
import { useInfiniteQuery, useQuery } from '@tanstack/vue-query'
import { api, ok, whole } from '@/api/client'
import type * as schema from '@/api/schema'

export type Question = schema.Question
export type Version = schema.QuestionVersion
export type Part = schema.QuestionPart
export type Kind = Version['kind']
export type Use = 'practice' | 'contest' | 'both'
export type Key = schema.Key
export type Warning = schema.LawWarning
export type Facets = schema.Facets
export type Topic = schema.Topic
export type QuestionInput = schema.QuestionBody
export type QuestionPage = schema.QuestionList
export type Import = schema.QuestionImport
export type ImportRow = schema.QuestionImportRow
/** The list's filter as the server takes it. */
export type Filter = NonNullable<schema.operations['listQuestions']['parameters']['query']>

export const keys = {
  list: (query: object) => ['bank', 'list', query] as const,
  one: (id: number) => ['bank', 'one', id] as const,
  versions: (id: number) => ['bank', 'versions', id] as const,
  statistics: (id: number) => ['bank', 'statistics', id] as const,
  import: (id: number) => ['bank', 'import', id] as const,
  importRows: (id: number, query: object) => ['bank', 'import-rows', id, query] as const,
}

const base = '/api/v1/questions'
const one = `${base}/{id}` as const
const imports = '/api/v1/question-imports'
const at = (id: number) => ({ path: { id } })

export const listQuestions = (query: Filter) => ok(api.GET(base, { params: { query } }))
export const findQuestion = (id: number) => ok(api.GET(one, { params: at(id) }))
export const createQuestion = (body: QuestionInput) => ok(api.POST(base, { body }))
export const editQuestion = (id: number, body: QuestionInput) => ok(api.PUT(one, { params: at(id), body }))
export const publishQuestion = (id: number) => ok(api.POST(`${one}/publication`, { params: at(id) }))
export const retireQuestion = (id: number, reason: string) => ok(api.POST(`${one}/retirement`, { params: at(id), body: { reason } }))
export const reviewQuestion = (id: number, body: { decision: 'approve' | 'return'; note?: string; base?: number }) => ok(api.POST(`${one}/review`, { params: at(id), body }))
export type BulkBody = NonNullable<schema.operations['bulkQuestions']['requestBody']>['content']['application/json']
export const bulkQuestions = (body: BulkBody) => ok(api.POST(`${base}/bulk`, { body }))
export const listDuplicates = (cursor: string) => ok(api.GET(`${base}/duplicates`, { params: { query: { limit: 20, ...(cursor ? { cursor } : {}) } } }))
export const markDistinct = (a: number, b: number) => ok(api.POST(`${base}/distinctions`, { body: { a, b } }))
export const editTopic = (id: number, body: { name?: string; parentId?: number; before?: number }) => ok(api.PATCH('/api/v1/topics/{id}', { params: at(id), body }))
export const listVersions = (id: number) => whole((query) => ok(api.GET(`${one}/versions`, { params: { ...at(id), query } })))
export const findStatistics = (id: number) => ok(api.GET(`${one}/statistics`, { params: at(id) }))
export const createTopic = (name: string, parentId?: number) => ok(api.POST('/api/v1/topics', { body: { name, ...(parentId ? { parentId } : {}) } }))

export const findImport = (id: number) => ok(api.GET(`${imports}/{id}`, { params: at(id) }))
export const listImportRows = (id: number, query: NonNullable<schema.operations['listQuestionImportRows']['parameters']['query']>) => ok(api.GET(`${imports}/{id}/rows`, { params: { ...at(id), query } }))
export const mendImportRow = (id: number, n: number, cells: Record<string, string>) => ok(api.PUT(`${imports}/{id}/rows/{n}`, { params: { path: { id, n } }, body: { cells } }))
export const applyImport = (id: number, body: { leaveOut: boolean; asDraft: boolean }) => ok(api.POST(`${imports}/{id}/application`, { params: at(id), body }))
/** The file with the topic and use that stand for rows naming none. */
export function sendFile(file: File, topicId: number | null, use: string): Promise<Import> {
  const bodySerializer = () => {
    const data = new FormData()
    data.append('file', file)
    return data
  }
  return ok(api.POST(imports, { params: { query: { use, ...(topicId ? { topicId } : {}) } }, body: { file: '' }, bodySerializer }))
}

export const useTopics = () => useQuery({ queryKey: ['topics'], queryFn: () => whole((query) => ok(api.GET('/api/v1/topics', { params: { query } }))), select: (page) => page.items, staleTime: 300_000 })

export const useQuestion = (id: Ref<number>) =>
  useQuery({ queryKey: computed(() => keys.one(id.value)), queryFn: () => findQuestion(id.value), enabled: computed(() => id.value > 0), refetchOnWindowFocus: false, staleTime: 60_000 })

export const useQuestions = (query: Ref<Filter>) =>
  useInfiniteQuery({
    queryKey: computed(() => keys.list(query.value)),
    queryFn: ({ pageParam }) => listQuestions({ ...query.value, limit: 50, ...(pageParam ? { cursor: pageParam } : { count: true }) }),
    initialPageParam: '',
    getNextPageParam: (last: QuestionPage) => last.nextCursor || undefined,
    placeholderData: (before) => before,
  })
