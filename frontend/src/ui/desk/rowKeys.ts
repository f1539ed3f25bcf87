/** Keys of a table's rows: arrows move, Enter opens, X selects, Shift with an arrow selects as it goes. */
import { nextTick, onBeforeUnmount, onMounted, ref, watch, type Ref } from 'vue'

export interface RowKeys {
  open?: (index: number) => void
  select?: (index: number) => void
}

export function useRowKeys(count: Ref<number>, acts: RowKeys) {
  const active = ref(0)
  watch(count, (n) => {
    if (active.value >= n) active.value = Math.max(0, n - 1)
  })

  function onKeydown(event: KeyboardEvent, index: number) {
    // Keys typed into a field or on a button of the row are theirs.
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return
    const to = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: count.value - 1 }[event.key]
    if (to !== undefined) {
      event.preventDefault()
      if (to < 0 || to >= count.value) return
      if (event.shiftKey) acts.select?.(to)
      active.value = to
      const body = (event.currentTarget as HTMLElement).parentElement
      void nextTick(() => body?.querySelectorAll<HTMLElement>('[data-row]')[to]?.focus())
    } else if (event.key === 'Enter') {
      event.preventDefault()
      acts.open?.(index)
    } else if ((event.key === 'x' || event.key === 'X' || event.key === ' ') && acts.select) {
      event.preventDefault()
      acts.select(index)
    }
  }

  /** Bind to each row: v-bind="row(index)". */
  const row = (index: number) => ({
    'data-row': '',
    tabindex: index === active.value ? 0 : -1,
    onKeydown: (event: KeyboardEvent) => onKeydown(event, index),
    onFocus: () => (active.value = index),
  })
  return { active, row }
}

/** `/` goes to the page's search, unless somebody is typing. */
export function useSlash() {
  function onKeydown(event: KeyboardEvent) {
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return
    if ((event.target as HTMLElement).closest('input, textarea, select, [contenteditable], [role=dialog]')) return
    const field = document.querySelector<HTMLInputElement>('[role=search] input')
    if (!field) return
    event.preventDefault()
    field.focus()
  }
  onMounted(() => document.addEventListener('keydown', onKeydown))
  onBeforeUnmount(() => document.removeEventListener('keydown', onKeydown))
}
