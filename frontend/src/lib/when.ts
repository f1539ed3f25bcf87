/**
 * Dates as people here read them. The server sends RFC 3339 UTC; every page shows the
 * installation's zone, not the device's, so that "17:30" means the same to everybody.
 */
export interface Parts {
  year: number
  month: number
  day: number
  hour: number
  minute: number
  second: number
}

export type Lang = 'zh-CN' | 'zh-TW' | 'en'

const formats = new Map<string, Intl.DateTimeFormat>()

function format(zone: string): Intl.DateTimeFormat {
  let found = formats.get(zone)
  if (!found) {
    found = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    })
    formats.set(zone, found)
  }
  return found
}

/** The civil date and time of an instant in a zone. */
export function civil(instant: number, zone: string): Parts {
  const parts: Record<string, number> = {}
  for (const { type, value } of format(zone).formatToParts(instant)) if (type !== 'literal') parts[type] = Number(value)
  // Chrome 80 writes midnight as 24.
  return { ...parts, hour: parts.hour % 24 } as unknown as Parts
}

/** The instant at which a zone's clocks read these parts (used by date pickers). */
export function instantOf(parts: Parts, zone: string): number {
  const wanted = Date.UTC(parts.year, parts.month - 1, parts.day, parts.hour, parts.minute, parts.second)
  let guess = wanted
  // Two rounds settle the offset, also next to a change of it.
  for (let round = 0; round < 2; round++) {
    const seen = civil(guess, zone)
    guess += wanted - Date.UTC(seen.year, seen.month - 1, seen.day, seen.hour, seen.minute, seen.second)
  }
  return guess
}

const two = (n: number) => String(n).padStart(2, '0')
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** 4 月 16 日, with the year when it is not this one. */
export function dayText(instant: number, now: number, zone: string, lang: Lang): string {
  const a = civil(instant, zone)
  const other = a.year !== civil(now, zone).year
  if (lang === 'en') return `${a.day} ${months[a.month - 1]}${other ? ' ' + a.year : ''}`
  return `${other ? a.year + ' 年 ' : ''}${a.month} 月 ${a.day} 日`
}

const relative: Record<Lang, [string, string, string]> = {
  'zh-CN': ['昨天', '今天', '明天'],
  'zh-TW': ['昨天', '今天', '明天'],
  en: ['Yesterday', 'Today', 'Tomorrow'],
}

/** 今天 17:30, 明天 09:00, else the day and the time. */
export function momentText(instant: number, now: number, zone: string, lang: Lang): string {
  const a = civil(instant, zone)
  const clock = `${two(a.hour)}:${two(a.minute)}`
  const apart = dayNumber(a) - dayNumber(civil(now, zone))
  if (apart >= -1 && apart <= 1) return `${relative[lang][apart + 1]} ${clock}`
  return `${dayText(instant, now, zone, lang)} ${clock}`
}

/** 09:36:12. */
export function clockText(instant: number, zone: string): string {
  const a = civil(instant, zone)
  return `${two(a.hour)}:${two(a.minute)}:${two(a.second)}`
}

/** Whole civil days since 1970, for "today" and "tomorrow". */
export function dayNumber(parts: Parts): number {
  return Math.round(Date.UTC(parts.year, parts.month - 1, parts.day) / 86_400_000)
}

/** 14:08, or 1:02:03 from an hour on; a running clock rounds up so that it never shows 0:00 early. */
export function spanText(ms: number): string {
  const total = Math.max(0, Math.ceil(ms / 1000))
  const hours = Math.floor(total / 3600)
  const minutes = Math.floor((total % 3600) / 60)
  const tail = `${two(minutes)}:${two(total % 60)}`
  return hours ? `${hours}:${tail}` : tail
}

/** The two largest units that are left: days and hours, hours and minutes, or minutes and seconds. */
export function leftParts(ms: number): { days: number; hours: number; minutes: number; seconds: number } {
  const total = Math.max(0, Math.floor(ms / 1000))
  return {
    days: Math.floor(total / 86_400),
    hours: Math.floor((total % 86_400) / 3600),
    minutes: Math.floor((total % 3600) / 60),
    seconds: total % 60,
  }
}
