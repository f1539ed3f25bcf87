import { shallowRef } from 'vue'

/** Why the app could not reach its server at start; the shells show it with a retry. */
export const bootError = shallowRef<unknown>(null)
