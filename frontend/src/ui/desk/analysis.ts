/** What pages say of an item's statistics: its flags with their reasons, and figures as people read them. */
import type * as schema from '@/api/schema'

export type Item = schema.ItemStat
export type FlagCode = Item['flags'][number]['code']
type Groups = Item['answers']

export const all = (g: Groups) => g.hi + g.mid + g.lo
/** A figure of two decimals, or a dash where it could not be formed. */
export const figure = (value: number | null | undefined, decimals = 2) => (value == null ? '—' : value.toFixed(decimals))
const per = (part: number, whole: number) => (whole ? Math.round((100 * part) / whole) + '%' : '—')

/** Whether a person should look before anything else. */
export const grave = (item: Item) => item.flags.some((flag) => flag.code === 'wrong_key')

export interface Reason { key: string; args: Record<string, unknown> }

/** Why each flag was drawn, as a sentence's key and its figures. */
export function reasons(item: Item): Reason[] {
  const named = (id: number) => item.options.find((option) => option.id === id)
  const keys = item.options.filter((option) => option.key)
  return item.flags.map((flag) => {
    const option = named(flag.option)
    if (flag.code === 'wrong_key' && option) {
      const key = keys.reduce((least, one) => (one.picked.hi < least.picked.hi ? one : least), keys[0]!)
      return { key: 'analysis.why.rival', args: { option: option.text, share: per(option.picked.hi, item.answers.hi), key: key.text, keyShare: per(key.picked.hi, item.answers.hi) } }
    }
    if (flag.code === 'dead_distractor' && option) return { key: 'analysis.why.dead_distractor', args: { option: option.text, share: per(all(option.picked), item.attempts) } }
    return { key: 'analysis.why.' + flag.code, args: { facility: figure(item.facility), d: figure(item.upperLower) } }
  })
}

/** Each flag's code once, gravest first. */
export function codes(item: Item): FlagCode[] {
  const order: FlagCode[] = ['wrong_key', 'too_hard', 'too_easy', 'low_discrimination', 'dead_distractor']
  return order.filter((code) => item.flags.some((flag) => flag.code === code))
}

export interface Bar { text: string; key: boolean; n: number; share: number; parts: { name: 'hi' | 'mid' | 'lo'; n: number; share: number }[] }

/** The distractor table: how many of each group picked each option, and who left it blank. */
export function bars(item: Item, blank: string): Bar[] {
  const bar = (text: string, key: boolean, picked: Groups): Bar => ({
    text,
    key,
    n: all(picked),
    share: item.attempts ? all(picked) / item.attempts : 0,
    parts: (['hi', 'mid', 'lo'] as const).map((name) => ({ name, n: picked[name], share: item.answers[name] ? picked[name] / item.answers[name] : 0 })),
  })
  if (!item.options.length) return []
  return [...item.options.map((option) => bar(option.text, option.key, option.picked)), bar(blank, false, item.blank)]
}
