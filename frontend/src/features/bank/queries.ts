/** What the bank's pages ask of the server: shapes, key factory and calls in one place. */
import { computed, type Ref } from 'vue'
import { useInfiniteQuery, useQuery } from '@tanstack/vue-query'
import { api, ok } from '@/api/client'

export type Kind = 'single' | 'multiple' | 'truefalse' | 'fill'
export type State = 'draft' | 'published' | 'retired'
export type Use = 'practice' | 'contest' | 'both'
export interface Named { id: number; name: string }
export interface Option { id: number; text: string; fixed: boolean }
export interface Version {
  id: number
  no: number
  kind: Kind
  stem: string
  options: Option[]
  explanation: string
  statute: string
  article: string
  paragraph: number
  lawQuote: string
  topic: Named
  use: Use
  difficulty: number
  tags: string[]
  author: Named
  createdAt: string
}
export interface Key { options: number[]; blanks: string[][] }
export interface Warning { code: string; field: string; phrase: string; statute: string; article: string; note: string }
export interface Question {
  id: number
  state: State
  topic: Named
  use: Use
  unit: Named
  author: Named
  version: Version
  publishedId: number
  pending: boolean
  embargoed: boolean
  createdAt: string
  updatedAt: string
  key?: Key
  warnings: Warning[]
  mayEdit: boolean
  mayPublish: boolean
  maySeeKey: boolean
}
export interface Facets { topics: Record<string, number>; kinds: Record<string, number>; states: Record<string, number>; levels: Record<string, number>; uses: Record<string, number> }
export interface QuestionPage { items: Question[]; nextCursor?: string; total?: number; facets?: Facets }
export interface Topic { id: number; parentId?: number; name: string }

export interface OptionInput { id?: number; text: string; fixed?: boolean; correct?: boolean }
export interface QuestionInput {
  kind: Kind
  stem: string
  options?: OptionInput[]
  blanks?: string[][]
  truth?: boolean
  explanation?: string
  statute?: string
  article?: string
  paragraph?: number
  lawQuote?: string
  topicId: number
  use?: Use
  difficulty?: number
  tags?: string[]
  base?: number
  publish?: boolean
}

export interface Note { code: string; column?: string; field?: string; detail: string }
export interface ImportCounts { ready: number; warned: number; errors: number; duplicates: number; imported: number }
export interface Import {
  id: number
  fileName: string
  state: 'ready' | 'applying' | 'applied'
  published: boolean
  progress: number
  total: number
  counts: ImportCounts
  skipped: Note[]
  createdAt: string
}
export interface ImportRow {
  n: number
  sheet: string
  line: number
  state: 'ready' | 'error' | 'duplicate' | 'imported'
  cells: Record<string, string>
  problems: Note[]
  warnings: Note[]
  duplicateOf?: number
  duplicateRow?: number
  questionId?: number
}
export interface Page<T> { items: T[]; nextCursor?: string }

// The schema types these paths once the server's document lists them.
type Loose = (path: string, init?: object) => Promise<{ data?: unknown; response: Response }>
const loose = api as unknown as { GET: Loose; POST: Loose; PUT: Loose }
const get = <T>(path: string, query?: object) => ok(loose.GET(path, { params: { query } })) as Promise<T>
const post = <T>(path: string, body?: object) => ok(loose.POST(path, { body: body ?? {} })) as Promise<T>
const put = <T>(path: string, body: object) => ok(loose.PUT(path, { body })) as Promise<T>

export const keys = {
  list: (query: object) => ['bank', 'list', query] as const,
  one: (id: number) => ['bank', 'one', id] as const,
  versions: (id: number) => ['bank', 'versions', id] as const,
  import: (id: number) => ['bank', 'import', id] as const,
  importRows: (id: number, query: object) => ['bank', 'import-rows', id, query] as const,
}

const base = '/api/v1/questions'
const imports = '/api/v1/question-imports'
export const listQuestions = (query: object) => get<QuestionPage>(base, query)
export const findQuestion = (id: number) => get<Question>(`${base}/${id}`)
export const createQuestion = (input: QuestionInput) => post<Question>(base, input)
export const editQuestion = (id: number, input: QuestionInput) => put<Question>(`${base}/${id}`, input)
export const publishQuestion = (id: number) => ok(loose.POST(`${base}/${id}/publication`)) as Promise<Question>
export const retireQuestion = (id: number, reason: string) => post<Question>(`${base}/${id}/retirement`, { reason })
export const listVersions = (id: number) => get<Page<Version>>(`${base}/${id}/versions`)
export const createTopic = (name: string) => post<Topic>('/api/v1/topics', { name })

export const findImport = (id: number) => get<Import>(`${imports}/${id}`)
export const listImportRows = (id: number, query: object) => get<Page<ImportRow>>(`${imports}/${id}/rows`, query)
export const mendImportRow = (id: number, n: number, cells: Record<string, string>) => put<ImportRow>(`${imports}/${id}/rows/${n}`, { cells })
export const applyImport = (id: number, body: { leaveOut: boolean; asDraft: boolean }) => post<Import>(`${imports}/${id}/application`, body)
/** The file with the topic and use that stand for rows naming none. */
export function sendFile(file: File, topicId: number | null, use: string): Promise<Import> {
  const query = { ...(topicId ? { topicId } : {}), ...(use ? { use } : {}) }
  const form = () => {
    const data = new FormData()
    data.append('file', file)
    return data
  }
  return ok(loose.POST(imports, { body: {}, bodySerializer: form, params: { query } })) as Promise<Import>
}

export const useTopics = () => useQuery({ queryKey: ['topics'], queryFn: () => get<Page<Topic>>('/api/v1/topics'), select: (page) => page.items, staleTime: 300_000 })

export const useQuestion = (id: Ref<number>) =>
  useQuery({ queryKey: computed(() => keys.one(id.value)), queryFn: () => findQuestion(id.value), enabled: computed(() => id.value > 0), refetchOnWindowFocus: false, staleTime: 60_000 })

export const useQuestions = (query: Ref<object>) =>
  useInfiniteQuery({
    queryKey: computed(() => keys.list(query.value)),
    queryFn: ({ pageParam }) => listQuestions({ ...query.value, limit: 50, ...(pageParam ? { cursor: pageParam } : { count: true }) }),
    initialPageParam: '',
    getNextPageParam: (last: QuestionPage) => last.nextCursor || undefined,
    placeholderData: (before) => before,
  })
