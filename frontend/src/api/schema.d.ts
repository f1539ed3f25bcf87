/* Written by hand from the contract until ../server/openapi.json exists; then `npm run api` replaces it. */
type Json<T> = { headers: { [name: string]: unknown }; content: { 'application/json': T } }
type Params<Path, Query, Header> = { query?: Query; header?: Header; path: Path; cookie?: never }
type Op<R, B = never, Path = Record<string, never>, Query = never, Header = never> = {
  parameters: [Path] extends [Record<string, never>] ? { query?: Query; header?: Header; path?: never; cookie?: never } : Params<Path, Query, Header>
  responses: { 200: Json<R> }
} & ([B] extends [never] ? { requestBody?: never } : { requestBody: { content: { 'application/json': B } } })
type Id = { id: number }

export interface paths {
  '/api/v1/site': { get: Op<Site> }
  '/api/v1/setup': { post: Op<Session, { token: string; siteName: string; name: string; username: string; password: string }> }
  '/api/v1/sessions': { post: Op<Session, { username: string; password: string }> }
  '/api/v1/sessions/current': { delete: Op<unknown> }
  '/api/v1/activations': { post: Op<Session, { code: string; password: string }> }
  '/api/v1/me': { get: Op<Me> }
  '/api/v1/me/password': { put: Op<Session, { current: string; password: string }> }
  '/api/v1/me/sessions': { get: Op<{ items: OwnSession[]; nextCursor?: string }> }
  '/api/v1/me/sessions/{id}': { delete: Op<unknown, never, { id: string }> }
  '/api/v1/me/home': { get: Op<Home> }
  '/api/v1/me/attempts': { get: Op<{ items: Record_[]; nextCursor?: string }, never, Record<string, never>, { limit?: number; cursor?: string }> }
  '/api/v1/contests': { get: Op<{ items: ContestRow[]; nextCursor?: string }, never, Record<string, never>, { state?: string; limit?: number; cursor?: string }> }
  '/api/v1/contests/{id}/intro': { get: Op<Intro, never, Id> }
  '/api/v1/contests/{id}/board': { get: Op<Board, never, Id> }
  '/api/v1/contests/{id}/attempts': { post: Op<Attempt, never, Id> }
  '/api/v1/attempts/{id}': { get: Op<AttemptState, never, Id> }
  '/api/v1/attempts/{id}/lease': { post: Op<{ lease: string }, never, Id> }
  '/api/v1/attempts/{id}/answers': { put: Op<Saved, { answers: AnswerIn[] }, Id, never, { 'X-Lease': string }> }
  '/api/v1/attempts/{id}/submission': { post: Op<Submitted, { answers?: AnswerIn[] }, Id, never, { 'X-Lease'?: string }> }
  '/api/v1/attempts/{id}/review': { get: Op<Review, never, Id> }
}

export interface Ref { id: number; name: string }
export interface Site { name: string; version: string; mode: string; secure: boolean; setupNeeded: boolean; serverTime: string; timeZone: string }
export interface Session { accessToken: string; expiresAt: string; person: { id: number; name: string; unit: Ref; roles: string[] } }
export interface Me {
  person: { id: number; name: string; username: string; unit: Ref; position: string; roles: string[]; audiences: string[] }
  rights: string[]
  scopes: { role: string; unit: Ref }[]
  mode: string
}
export interface OwnSession { id: string; createdAt: string; lastSeenAt: string; agent: string; ip: string; current: boolean }
export interface ContestRow {
  id: number; title: string; state: string; opensAt: string; closesAt: string
  questions: number; limitMinutes: number; attemptsAllowed: number; attemptsUsed: number; kept: string
  attemptId?: number | null; bestScore?: number | null; fullMark: number
}
export interface Home {
  due: ContestRow | null; upcoming: ContestRow[]; recent: Record_[]
  standing: { contestId: number; band: string; rank: number | null; missing: number; stillToGo?: number; next?: { people: number; rank: number } } | null
}
export interface Record_ {
  id: number; contestId: number; title: string; no: number; state: string; startedAt: string; submittedAt?: string
  score?: number; fullMark: number; passed?: boolean; excellent?: boolean; timeMs?: number; kept: boolean
}
export interface Intro extends ContestRow {
  notes: string; hardClose?: boolean; lastAttemptId?: number | null; passMark: number; excellentMark: number; scoring: string; perDay: number
  eligible: boolean; reason?: string; rosterUnit: Ref | null; resultsAt?: string; explanationsAt?: string
  takeover: string; timeFactor?: number; types: { kind: string; count: number; points: number }[]
}
export interface PaperItem { slot: number; kind: string; stem: string; points: number; blanks?: number; options?: { id: number; text: string }[] }
export interface Attempt { id: number; state: string; deadlineAt: string; serverTime: string; lease: string; paper: { items: PaperItem[] } }
export interface AnswerIn { slot: number; seq: number; choice?: number[]; text?: string[] }
export interface StoredAnswer { slot: number; seq: number; choice?: number[]; text?: string[]; receipt?: string; savedAt?: string }
export interface AttemptState {
  id: number; contestId: number; contestTitle: string; contestState: string; no: number; state: string; stateReason?: string
  startedAt: string; deadlineAt: string; submittedAt?: string; submitKind?: string; serverTime: string; holdsLease: boolean
  outageMs: number; extensionMs: number; questions: number; fullMark: number; answers: StoredAnswer[]; paper?: { items: PaperItem[] }
  score?: number; passed?: boolean; excellent?: boolean; timeMs?: number; scoreAt?: string; reviewAt?: string; reviewOpen: boolean
}
export interface Saved { saved: { slot: number; seq: number; receipt: string }[]; serverTime: string; deadlineAt: string }
export interface Submitted { state: string; submittedAt: string; submitKind?: string; saved?: { slot: number; seq: number; receipt: string }[] }
export interface Review { items: ReviewItem[] }
export interface ReviewItem {
  slot: number; kind: string; stem: string; points: number; score: number; options: { id: number; text: string; picked: boolean; key: boolean }[]
  text?: string[]; accepted?: string[][]; answered: boolean; right: boolean; explanation: string
  statute: string; statuteCode?: string; article: string; paragraph: string; lawQuote: string; lawVersion: string; topic: string
}
export interface Board {
  title: string; state: string; updatedAt: string; bands: string[]; formula: string; reached: number
  own: BoardRow | null; rows: BoardRow[]
}
export interface BoardRow { unit: Ref; rank: number | null; band: string; expected: number; participants: number; participationRate: number; score: number; missing?: number; reached?: boolean }
