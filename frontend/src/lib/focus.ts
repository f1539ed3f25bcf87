/** Moves focus to the page's h1 after a route change, waiting a little for pages that load first. */
export function focusHeading(patienceMs = 3000): void {
  if (focusNow()) return
  const before = document.activeElement
  const observer = new MutationObserver(() => {
    // Somebody already went on by keyboard: leave them where they are.
    if (document.activeElement !== before && document.activeElement !== document.body) observer.disconnect()
    else if (focusNow()) observer.disconnect()
  })
  observer.observe(document.body, { childList: true, subtree: true })
  setTimeout(() => observer.disconnect(), patienceMs)
}

function focusNow(): boolean {
  const heading = document.querySelector<HTMLElement>('main h1, h1')
  if (!heading) return false
  heading.tabIndex = -1
  heading.focus({ preventScroll: true })
  return true
}

const focusable =
  'a[href], button:not([disabled]), input:not([disabled]), select:not([disabled]), textarea:not([disabled]), [tabindex]:not([tabindex="-1"])'

/** Keeps Tab inside `root`; call from its keydown. */
export function trapTab(root: HTMLElement, event: KeyboardEvent): void {
  if (event.key !== 'Tab') return
  const stops = [...root.querySelectorAll<HTMLElement>(focusable)].filter((el) => el.offsetParent !== null)
  if (!stops.length) {
    event.preventDefault()
    return
  }
  const first = stops[0]
  const last = stops[stops.length - 1]
  const active = document.activeElement
  if (event.shiftKey && (active === first || !root.contains(active))) {
    event.preventDefault()
    last.focus()
  } else if (!event.shiftKey && (active === last || !root.contains(active))) {
    event.preventDefault()
    first.focus()
  }
}
