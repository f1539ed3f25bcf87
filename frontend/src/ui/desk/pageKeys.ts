/** The keys of the page on screen: what they do, and the list that `?` shows. */
import { onBeforeUnmount, onMounted, ref, shallowReactive } from 'vue'
import { readPref, writePref } from '@/lib/prefs'

export interface PageKey {
  /** KeyboardEvent.key, letters in lower case, with `ctrl+` or `alt+` before it; several divided by a space. */
  press: string
  /** Message key of what it does. */
  does: string
  /** Absent where the key belongs to a part of the page that listens itself; false leaves the key to the browser. */
  act?: (event: KeyboardEvent) => unknown
}

/** Of every part on screen, the outermost first. */
export const shownKeys = shallowReactive(new Set<PageKey[]>())

/** Single keys can be switched off, for those who speak or whose hands slip; kept on this device. */
export const singleKeys = ref(readPref('keys') !== 'off')
export function setSingleKeys(on: boolean) {
  singleKeys.value = on
  writePref('keys', on ? 'on' : 'off')
}

const writing = 'input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable], [role=dialog]'

/** Which of the keys an event means, if it may: single keys rest in fields and in dialogs. */
export function keyOf(event: KeyboardEvent, keys: PageKey[]): PageKey | undefined {
  const together = event.ctrlKey || event.metaKey ? 'ctrl+' : event.altKey ? 'alt+' : ''
  const pressed = together + (event.key.length === 1 ? event.key.toLowerCase() : event.key)
  if (!together && (!singleKeys.value || (event.target as Element | null)?.closest?.(writing))) return undefined
  return keys.find((one) => one.act && one.press.split(' ').includes(pressed))
}

/** Listens while the page is there, and lists the keys under `?`. */
export function usePageKeys(keys: PageKey[]) {
  function onKeydown(event: KeyboardEvent) {
    const key = keyOf(event, keys)
    if (key && key.act!(event) !== false) event.preventDefault()
  }
  onMounted(() => {
    shownKeys.add(keys)
    window.addEventListener('keydown', onKeydown)
  })
  onBeforeUnmount(() => {
    shownKeys.delete(keys)
    window.removeEventListener('keydown', onKeydown)
  })
}

/** `/` goes to the page's search. */
export function useSlash() {
  usePageKeys([
    {
      press: '/',
      does: 'keys.search',
      act: () => {
        const field = document.querySelector<HTMLInputElement>('[role=search] input')
        field?.focus()
        return field !== null
      },
    },
  ])
}
