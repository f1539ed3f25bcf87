/** What a contest's state means for its pages (rules-contest 5.0). */
import { Right } from '@/api/rights'
import { can } from '@/api/session'
import type { Tone } from '@/ui/StatChip.vue'
import type { Contest, State } from './queries'

const tones: Record<State, Tone> = {
  draft: 'neutral', proposed: 'info', scheduled: 'primary', open: 'success', suspended: 'warning',
  closed: 'neutral', graded: 'neutral', notice: 'accent', final: 'primary', cancelled: 'neutral',
}

export const toneOf = (state: State): Tone => tones[state] ?? 'neutral'
/** Somebody may have started it. */
export const begun = (state: State) => ['open', 'suspended', 'closed', 'graded', 'notice', 'final'].includes(state)
/** The unit board is for those who see results. */
export const seesRanking = () => can(Right.seeUnitResults)
export const editable = (contest: Contest) => contest.state === 'draft' && contest.mayEdit

/** Where a row of the list leads: into the wizard while it can still be edited. */
export const homeOf = (contest: Contest) => (editable(contest) ? `/desk/contests/${contest.id}/edit` : `/desk/contests/${contest.id}`)
