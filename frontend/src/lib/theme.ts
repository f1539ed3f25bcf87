import { ref, watchEffect } from 'vue'
import { readPref, writePref } from './prefs'

export type Theme = 'auto' | 'light' | 'dark'

/** What the person chose; `auto` follows the device. */
export const theme = ref<Theme>(asTheme(readPref('theme')))

const dark = typeof matchMedia === 'function' ? matchMedia('(prefers-color-scheme: dark)') : null
/** Whether the dark palette shows now. */
export const isDark = ref(false)

function asTheme(value: string | null): Theme {
  return value === 'light' || value === 'dark' ? value : 'auto'
}

export function setTheme(next: Theme): void {
  theme.value = next
  writePref('theme', next)
}

/** Keeps <html> in step with the choice: our tokens read data-theme, Element Plus reads the class. */
export function followTheme(): void {
  const system = ref(dark?.matches ?? false)
  // Safari 13 knows only addListener.
  dark?.addListener?.((event) => (system.value = event.matches))
  watchEffect(() => {
    isDark.value = theme.value === 'dark' || (theme.value === 'auto' && system.value)
    const root = document.documentElement
    root.dataset.theme = isDark.value ? 'dark' : 'light'
    root.classList.toggle('dark', isDark.value)
    const colour = getComputedStyle(root).getPropertyValue('--jz-page').trim()
    document.querySelector('meta[name="theme-color"]')?.setAttribute('content', colour)
  })
}
