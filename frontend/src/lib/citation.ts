/** A statute's article as the law itself writes it: 《保密法》第四十七条第二款（2024）. The same in every language. */
const digits = '〇一二三四五六七八九'

/** 47 > 四十七, 219 > 二百一十九; up to 9999, else as it came. */
export function hanNumber(value: number): string {
  if (!Number.isInteger(value) || value < 1 || value > 9999) return String(value)
  const units = ['', '十', '百', '千']
  const places = String(value).split('').map(Number)
  let out = ''
  places.forEach((digit, at) => {
    const unit = units[places.length - 1 - at]
    if (digit) out += digits[digit] + unit
    else if (out && !out.endsWith('〇') && places.slice(at).some(Boolean)) out += '〇'
  })
  return out.replace(/〇/g, '零').replace(/^一十/, '十')
}

const numbered = (text: string, unit: string) => (/^\d+$/.test(text) ? `第${hanNumber(Number(text))}${unit}` : text)

/** `article` is "47", "219-1" (第二百一十九条之一) or "M" (the note under the title); `version` names the year in force. */
export function citation(statute: string, article: string, paragraph: string | number, version: string): string {
  if (!statute) return ''
  const name = statute.startsWith('《') ? statute : `《${statute}》`
  const [main, sub] = article.split('-')
  const place = article === 'M' ? '题注' : numbered(main, '条') + (sub ? `之${/^\d+$/.test(sub) ? hanNumber(Number(sub)) : sub}` : '')
  const clause = paragraph && String(paragraph) !== '0' ? numbered(String(paragraph), '款') : ''
  const year = /^\d{4}/.exec(version)?.[0]
  return name + place + clause + (year ? `（${year}）` : '')
}
