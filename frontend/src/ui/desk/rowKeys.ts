/** Keys of a table's rows: arrows move, Enter opens, X selects, Shift with an arrow selects as it goes. */
import { nextTick, ref, watch, type Ref } from 'vue'
import { usePageKeys } from './pageKeys'

export interface RowKeys {
  open?: (index: number) => void
  select?: (index: number) => void
}

export function useRowKeys(count: Ref<number>, acts: RowKeys) {
  const active = ref(0)
  usePageKeys([
    { press: 'ArrowUp ArrowDown', does: 'keys.rows' },
    ...(acts.open ? [{ press: 'Enter', does: 'keys.open' }] : []),
    ...(acts.select ? [{ press: 'x', does: 'keys.select' }, { press: 'shift+ArrowUp shift+ArrowDown', does: 'keys.range' }] : []),
  ])
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
