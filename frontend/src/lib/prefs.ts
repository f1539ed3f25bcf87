/**
 * Small choices a person makes on this device (language, theme, size of the question text).
 * Some WebViews refuse localStorage; then a choice lasts as long as the page.
 */
const memory = new Map<string, string>()

export function readPref(key: string): string | null {
  try {
    return localStorage.getItem('jz.' + key) ?? memory.get(key) ?? null
  } catch {
    return memory.get(key) ?? null
  }
}

export function writePref(key: string, value: string): void {
  memory.set(key, value)
  try {
    localStorage.setItem('jz.' + key, value)
  } catch {
    // The page still works; only the next visit starts from the default.
  }
}
