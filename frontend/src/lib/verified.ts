/** The last verification of the audit log made on this device: the auditor's page writes it, the desk's first page shows it. */
import { computed, shallowRef } from 'vue'
import { readPref, writePref } from './prefs'

export interface Verified {
  at: string
  intact: boolean
  records: number
  head: string
  firstBad?: number
  why?: 'hash' | 'link' | 'gap' | 'head'
}

function stored(): Verified | null {
  try {
    return JSON.parse(readPref('verified') ?? 'null') as Verified | null
  } catch {
    return null
  }
}

const held = shallowRef<Verified | null>(stored())

export const lastVerified = computed<Verified | null>({
  get: () => held.value,
  set: (value) => {
    held.value = value
    writePref('verified', JSON.stringify(value))
  },
})
