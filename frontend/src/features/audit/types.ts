/** Short names for the server's shapes of the audit log. */
import type * as schema from '@/api/schema'

export type AuditRecord = schema.Audit
