/** Tells a screen reader of save states: one polite message per change, merged within 5 s. */
import { onBeforeUnmount, ref, watch, type Ref } from 'vue'

const mergeMs = 5000

export function announceState<State>(state: Ref<State>, words: (state: State) => string): Ref<string> {
  const message = ref('')
  let timer = 0
  let spoken = 0
  watch(state, (next) => {
    clearTimeout(timer)
    const wait = Math.max(0, spoken + mergeMs - performance.now())
    timer = window.setTimeout(() => {
      spoken = performance.now()
      message.value = words(next)
    }, wait)
  })
  onBeforeUnmount(() => clearTimeout(timer))
  return message
}
