/** Short names for the server's shapes of boards. Scores are 1/100 point, rates 0-1, times ms. */
import type * as schema from '@/api/schema'

export type { Band, Board, Component, Contest, Drill, Explanation, Missing, Move, UnitSums } from '@/api/schema'
export type UnitRow = schema.UnitStand
export type PersonRow = schema.PersonStand
export type BoardState = schema.Board['state']
