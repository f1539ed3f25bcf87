/** Which acts a contest's state allows whom, and the request each one makes (rules-contest 5.0). */
import { Right } from '@/api/rights'
import { can } from '@/api/session'
import type { Contest, ContestAct, State } from './queries'

export interface Act {
  name: string
  path: ContestAct
  /** The log wants to know why. */
  reason: boolean
  danger?: boolean
  /** Asks for another close. */
  moment?: boolean
}

const all: (Act & { from: State[]; right: string })[] = [
  { name: 'approve', path: 'approval', reason: false, from: ['proposed'], right: Right.review },
  { name: 'resume', path: 'resumption', reason: true, from: ['suspended'], right: Right.manageContest },
  { name: 'notice', path: 'notice', reason: false, from: ['graded'], right: Right.finaliseBoard },
  { name: 'final', path: 'final', reason: false, from: ['notice'], right: Right.finaliseBoard },
  { name: 'withdraw', path: 'withdrawal', reason: true, from: ['scheduled', 'proposed'], right: Right.manageContest },
  { name: 'moveClose', path: 'closing', reason: true, moment: true, from: ['scheduled', 'open'], right: Right.manageContest },
  { name: 'suspend', path: 'suspension', reason: true, danger: true, from: ['open'], right: Right.manageContest },
  { name: 'closeNow', path: 'closing', reason: true, danger: true, from: ['open'], right: Right.manageContest },
  { name: 'cancel', path: 'cancellation', reason: true, danger: true, from: ['draft', 'proposed', 'scheduled', 'suspended'], right: Right.manageContest },
]

/** The one act that moves the contest on; others are in the menu. */
const leading = ['approve', 'resume', 'notice', 'final']

export function actsOf(contest: Contest): { lead: Act | null; rest: Act[] } {
  const open = all.filter((act) => act.from.includes(contest.state) && can(act.right) && (act.name !== 'approve' || contest.mayApprove) && (act.right !== Right.manageContest || contest.mayEdit || contest.state !== 'draft'))
  const lead = open.find((act) => leading.includes(act.name)) ?? null
  return { lead, rest: open.filter((act) => act !== lead) }
}
