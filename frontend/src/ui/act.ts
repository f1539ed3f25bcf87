/** An act on the server as a page sees it: under way, or refused in words. */
import { ref } from 'vue'
import { sentence } from './errors'

/** `run` answers whether the act succeeded; one that is under way is not begun again. */
export function useAct() {
  const busy = ref(false)
  const fault = ref('')

  async function run(act: () => Promise<unknown>): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    fault.value = ''
    try {
      await act()
      return true
    } catch (cause) {
      fault.value = sentence(cause)
      return false
    } finally {
      busy.value = false
    }
  }
  return { busy, fault, run }
}
