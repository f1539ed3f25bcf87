/** Short names for the server's shapes of people, units, roles and imports. */
import type * as schema from '@/api/schema'

export type { Audience, Candidate, Grant, Import, ImportRow, Note, Person, Ref, Slip, Unit } from '@/api/schema'
export type OwnSession = schema.SessionInfo
export type Counts = schema.ImportCounts
export type Status = schema.Person['status']
export type UnitKind = schema.Unit['kind']
export type Role = schema.GrantInBody['role']
export type RowState = schema.ImportRow['state']

export const statuses: Status[] = ['active', 'seconded', 'sick', 'away', 'retired', 'disabled']
export const unitKinds: UnitKind[] = ['agency', 'township', 'community', 'enterprise', 'school', 'institution']
export const roles: Role[] = ['owner', 'trainer', 'reviewer', 'manager', 'invigilator', 'sysadmin', 'secadmin', 'auditor']
