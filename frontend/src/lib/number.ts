/** Scores and points travel as integers in 1/100 point; people read 90 or 86.5. */
export function points(hundredths: number): string {
  const sign = hundredths < 0 ? '-' : ''
  const abs = Math.abs(hundredths)
  const whole = Math.floor(abs / 100)
  const rest = abs % 100
  if (rest === 0) return sign + whole
  return sign + whole + '.' + (rest % 10 === 0 ? rest / 10 : String(rest).padStart(2, '0'))
}

/** Averages and unit scores in columns keep a fixed number of decimals so that they align; rounded half up. */
export function score(hundredths: number | null | undefined, decimals: 1 | 2 = 1): string {
  if (hundredths == null) return '—'
  const unit = decimals === 1 ? 10 : 1
  return (Math.round(hundredths / unit) / (100 / unit)).toFixed(decimals)
}

/** A rate 0-1 as a percentage, e.g. 84.2%. */
export function percent(rate: number | null | undefined, decimals = 1): string {
  return rate == null ? '—' : (rate * 100).toFixed(decimals) + '%'
}

/** 1286 > 1,286: the same grouping in all three languages. */
export function grouped(value: number): string {
  return String(Math.trunc(value)).replace(/\B(?=(\d{3})+(?!\d))/g, ',')
}
