/** Which other row can take the questions a short row cannot have: found by asking, never by arithmetic on rows that share questions. */
import type { Fit, Row, RowFit } from '../queries'
import { missing } from './useFit'

/** How many rows are asked about, those with the most to spare first. */
const tries = 4

/** The rows after moving `lack` questions away from `from`, to row `to` or (-1) to nowhere; a row left with none goes. */
export function moved(rows: Row[], from: number, lack: number, to: number): Row[] {
  return rows.map((row, n) => (n === from ? { ...row, count: row.count - lack } : n === to ? { ...row, count: row.count + lack } : row)).filter((row, n) => n !== from || row.count > 0)
}

/** The first row that can take them without any row missing more than it did; -1 where none can. */
export async function receiverOf(rows: Row[], from: number, lack: number, before: (index: number) => RowFit | null, prove: (rows: Row[]) => Promise<Fit>): Promise<number> {
  const spare = (n: number) => {
    const line = before(n)
    return n === from || !line || missing(line) ? -1 : line.available - line.needed
  }
  const candidates = rows.map((_, n) => n).filter((n) => spare(n) >= lack && rows[n].count + lack <= 200)
  candidates.sort((a, b) => spare(b) - spare(a))
  for (const to of candidates.slice(0, tries)) {
    const next = moved(rows, from, lack, to)
    const gone = next.length < rows.length
    const proof = await prove(next)
    const old = (n: number) => (gone && n >= from ? n + 1 : n)
    if (proof.rows.length === next.length && proof.rows.every((line) => missing(line) <= (old(line.row) === from || old(line.row) === to ? 0 : missing(before(old(line.row)))))) return to
  }
  return -1
}
