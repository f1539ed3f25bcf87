/** How a record becomes words: the act from its noun and verb, the object, and what changed field by field. */
import { moment } from '@/i18n/when'

export interface Words {
  t: (key: string, args?: Record<string, unknown>) => string
  te: (key: string) => boolean
}

/** contest.publish > 竞赛 · 发布; what has no word yet is shown as the code. */
export function actText(action: string, { t, te }: Words): string {
  const [noun, verb = ''] = action.split('.')
  const whole = 'audit.act.' + noun + '_' + verb
  if (te(whole)) return t(whole)
  if (te('audit.noun.' + noun) && te('audit.verb.' + verb)) return t('audit.act.join', { noun: t('audit.noun.' + noun), verb: t('audit.verb.' + verb) })
  return action
}

export function objectText(kind: string, id: number, { t, te }: Words): string {
  if (!kind) return '—'
  const word = te('audit.noun.' + kind) ? t('audit.noun.' + kind) : kind
  return id ? `${word} ${id}` : word
}

export interface Change {
  field: string
  before: string
  after: string
}

function plain(value: unknown, field = ''): string {
  if (value === undefined || value === null) return ''
  // Instants are kept as ms; people read the day and the time.
  if (typeof value === 'number' && /At$|^(from|to)$/.test(field) && value > 1e12) return moment(new Date(value).toISOString())
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

export const fieldText = (field: string, { t, te }: Words): string => (te('audit.fields.' + field) ? t('audit.fields.' + field) : field)

/** Fields whose codes have words elsewhere in the app. */
const codes: Record<string, string[]> = { state: ['core.state.contest.', 'core.state.attempt.'], role: ['core.role.'], mode: ['core.mode.short.'] }

/** For the table: codes in words, and a long list is a count. */
export function brief(text: string, field: string, { t, te }: Words): string {
  for (const group of codes[field] ?? []) if (te(group + text)) return t(group + text)
  const count = text.startsWith('[') ? text.split(',').length : 0
  return count > 4 ? t('audit.items', { n: count }) : text
}
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Field by field where both sides are objects; one line otherwise. Fields that stayed are left out. */
export function changes(before: unknown, after: unknown): Change[] {
  if (isObject(before) || isObject(after)) {
    const old = isObject(before) ? before : {}
    const now = isObject(after) ? after : {}
    return [...new Set([...Object.keys(old), ...Object.keys(now)])]
      .map((field) => ({ field, before: plain(old[field], field), after: plain(now[field], field) }))
      .filter((one) => one.before !== one.after)
  }
  const one = { field: '', before: plain(before), after: plain(after) }
  return one.before || one.after ? [one] : []
}
