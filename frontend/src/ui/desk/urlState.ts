/** Filters and tabs live in the URL, so that a page can be sent, reloaded and gone back to. */
import { computed, type WritableComputedRef } from 'vue'
import { useRoute, useRouter, type LocationQueryValue } from 'vue-router'

const first = (value: LocationQueryValue | LocationQueryValue[] | undefined) => (Array.isArray(value) ? value[0] : value) ?? ''

export function useUrlState() {
  const route = useRoute()
  const router = useRouter()
  // Several changes in one turn become one history entry.
  let pending: Record<string, string | undefined> | null = null

  function set(changes: Record<string, string | undefined>) {
    if (pending) {
      Object.assign(pending, changes)
      return
    }
    pending = { ...changes }
    queueMicrotask(() => {
      const query = { ...route.query, ...pending }
      pending = null
      for (const key of Object.keys(query)) if (!query[key]) delete query[key]
      void router.replace({ query, hash: route.hash })
    })
  }

  const text = (key: string, otherwise = ''): WritableComputedRef<string> =>
    computed({
      get: () => first(route.query[key]) || otherwise,
      set: (value) => set({ [key]: value === otherwise ? undefined : value || undefined }),
    })

  const number = (key: string): WritableComputedRef<number | null> =>
    computed({
      get: () => Number(first(route.query[key])) || null,
      set: (value) => set({ [key]: value ? String(value) : undefined }),
    })

  return { text, number, set }
}
