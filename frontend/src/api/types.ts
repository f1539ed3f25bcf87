/** Short names for the server's shapes, so that pages do not spell out the schema's paths. */
import type * as schema from './schema'

export type Ref = schema.Ref
export type Site = schema.Site
export type Me = schema.Me
export type Contest = schema.Contest
export type Intro = schema.Intro
export type Attempt = schema.Attempt
export type PaperItem = schema.PaperItem
export type ReviewItem = schema.ReviewItem
export type Band = schema.Band
export type UnitStand = schema.UnitStand
