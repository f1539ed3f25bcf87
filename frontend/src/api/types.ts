/** Short names for the server's shapes, so that pages do not spell out the schema's paths. */
import type * as schema from './schema'

export type Ref = schema.Ref
export type Site = schema.Site
export type Me = schema.Me
export type OwnSession = schema.OwnSession
export type ContestRow = schema.ContestRow
export type Home = schema.Home
export type AttemptRecord = schema.Record_
export type Intro = schema.Intro
export type PaperItem = schema.PaperItem
export type Attempt = schema.Attempt
export type AttemptState = schema.AttemptState
export type AnswerIn = schema.AnswerIn
export type Saved = schema.Saved
export type Review = schema.Review
export type ReviewItem = schema.ReviewItem
export type Board = schema.Board
export type BoardRow = schema.BoardRow
