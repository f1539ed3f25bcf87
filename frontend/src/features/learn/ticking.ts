import { onBeforeUnmount, ref, type Ref } from 'vue'
import { serverNow } from '@/api/time'

/** Server time that moves once a second, for countdowns that are not a Timer. */
export function useNow(everyMs = 1000): Ref<number> {
  const now = ref(serverNow())
  const timer = window.setInterval(() => (now.value = serverNow()), everyMs)
  onBeforeUnmount(() => clearInterval(timer))
  return now
}
