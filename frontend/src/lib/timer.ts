/** Seconds left at which a running clock speaks: politely at 5 min, at once at 1 min and 10 s. */
const marks = [300, 60, 10] as const

/** The mark passed between two readings of the time left (ms), or 0; after a sleep only the latest one. */
export function announcementAt(previousMs: number, leftMs: number): 0 | 300 | 60 | 10 {
  let due: 0 | 300 | 60 | 10 = 0
  // The first reading of a page opened late is no crossing.
  if (!Number.isFinite(previousMs)) return due
  for (const mark of marks) {
    if (previousMs > mark * 1000 && leftMs <= mark * 1000 && leftMs > 0) due = mark
  }
  return due
}
