/** The attempt's keys (experience.md, Keyboard): single keys rest while a field has the focus. */
export type Act = { kind: 'option'; index: number } | { kind: 'previous' | 'next' | 'mark' | 'sheet' | 'submit' | 'help' } | { kind: 'truth'; value: boolean }

export interface KeyPress {
  key: string
  ctrlKey?: boolean
  metaKey?: boolean
  altKey?: boolean
}

/** What a key means here; `writing` is true in a text field, `truefalse` adds T and F. */
export function actOf(press: KeyPress, context: { writing: boolean; truefalse: boolean; enabled: boolean }): Act | null {
  if (press.key === 'Enter' && (press.ctrlKey || press.metaKey)) return { kind: 'submit' }
  if (!context.enabled || context.writing || press.ctrlKey || press.metaKey || press.altKey) return null
  const key = press.key.length === 1 ? press.key.toLowerCase() : press.key
  if (context.truefalse && key === 't') return { kind: 'truth', value: true }
  if (context.truefalse && key === 'f') return { kind: 'truth', value: false }
  if (/^[a-f]$/.test(key)) return { kind: 'option', index: key.charCodeAt(0) - 97 }
  if (/^[1-6]$/.test(key)) return { kind: 'option', index: Number(key) - 1 }
  switch (key) {
    case 'ArrowLeft':
      return { kind: 'previous' }
    case 'ArrowRight':
      return { kind: 'next' }
    case 'm':
      return { kind: 'mark' }
    case 'g':
      return { kind: 'sheet' }
    case '?':
      return { kind: 'help' }
    default:
      return null
  }
}

export const isWriting = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || target.tagName === 'TEXTAREA' || target.tagName === 'SELECT' || (target instanceof HTMLInputElement && !/^(radio|checkbox|button)$/.test(target.type)))
