/**
 * What the server says when it refuses (RFC 9457). `detail` is a finished sentence in the person's language;
 * `code` (noun.reason) is for decisions, never for showing.
 */
export interface Problem {
  type?: string
  title?: string
  status?: number
  detail?: string
  code?: string
  field?: string
  requestId?: string
  errors?: { code?: string; field?: string; detail?: string; location?: string; message?: string }[]
}

export class ApiError extends Error {
  readonly status: number
  readonly code: string
  readonly field: string
  readonly errors: NonNullable<Problem['errors']>
  readonly requestId: string
  /** From Retry-After, in ms; 0 when the server named none. */
  readonly retryAfterMs: number
  readonly problem: Problem

  constructor(status: number, problem: Problem, retryAfterMs = 0) {
    super(problem.detail || problem.title || `HTTP ${status}`)
    this.name = 'ApiError'
    this.status = status
    this.problem = problem
    this.code = problem.code ?? ''
    this.field = problem.field ?? ''
    this.errors = problem.errors ?? []
    this.requestId = problem.requestId ?? ''
    this.retryAfterMs = retryAfterMs
  }

  /** The sentence the server wrote, or '' when it sent none. */
  get detail(): string {
    return this.problem.detail ?? ''
  }
}

/** The request never got an answer: no network, server gone, or the page is being closed. */
export class NetworkError extends Error {
  constructor(cause?: unknown) {
    super('network')
    this.name = 'NetworkError'
    this.cause = cause
  }
}

export const isApiError = (error: unknown, code?: string): error is ApiError =>
  error instanceof ApiError && (code === undefined || error.code === code)

export const isStatus = (error: unknown, status: number): boolean => error instanceof ApiError && error.status === status

/** Retry-After in ms, as seconds or as a date. */
export function retryAfterMs(header: string | null, now: number = Date.now()): number {
  if (!header) return 0
  const seconds = Number(header)
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000)
  const at = Date.parse(header)
  return Number.isNaN(at) ? 0 : Math.max(0, at - now)
}

/** Reads a refusal; a body that is not JSON (a proxy's page) leaves only the status. */
export async function toApiError(response: Response): Promise<ApiError> {
  let problem: Problem = {}
  try {
    const body: unknown = await response.clone().json()
    if (body && typeof body === 'object') problem = body as Problem
  } catch {
    problem = {}
  }
  return new ApiError(response.status, problem, retryAfterMs(response.headers.get('Retry-After')))
}
