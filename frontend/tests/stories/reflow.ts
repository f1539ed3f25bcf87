/** What does not fit a page at the width it is shown at. */
import type { Visitor } from './harness'

/**
 * One line for each thing that is cut: the page itself scrolling sideways, and words that begin or end beyond
 * the edge or are hidden by their box. What scrolls inside a box of its own (wide tables) can be reached.
 */
export function misfits(visitor: Visitor): Promise<string[]> {
  return visitor.page.evaluate(() => {
    const wide = document.documentElement.clientWidth
    const found: string[] = []
    const over = document.documentElement.scrollWidth - wide
    if (over > 0) found.push(`scrolls ${over} px sideways`)
    const name = (element: Element) => `${element.tagName.toLowerCase()}.${[...element.classList].join('.')} "${(element.textContent ?? '').trim().slice(0, 24)}"`
    const ancestors = (element: Element) => {
      const list: Element[] = []
      for (let at: Element | null = element; at && at !== document.body; at = at.parentElement) list.push(at)
      return list
    }
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement!
      if (!node.textContent!.trim() || !element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true })) continue
      const chain = ancestors(element)
      if (chain.some((one) => one.matches('.vh, .skip, [aria-hidden="true"], script, style, title'))) continue
      // A line that ends in … says that it goes on, and where it leads shows it whole.
      if (chain.some((one) => getComputedStyle(one).textOverflow === 'ellipsis')) continue
      const scroller = chain.find((one) => /auto|scroll/.test(getComputedStyle(one).overflowX) && one.scrollWidth > one.clientWidth)
      const range = document.createRange()
      range.selectNodeContents(node)
      for (const box of range.getClientRects()) {
        if (!box.width) continue
        if (!scroller && (box.right > wide + 1 || box.left < -1)) {
          found.push(`beyond the edge: ${name(element)}`)
          break
        }
        const clip = chain.find((one) => /hidden|clip/.test(getComputedStyle(one).overflowX) && getComputedStyle(one).textOverflow !== 'ellipsis')
        const edge = clip?.getBoundingClientRect()
        if (edge && !scroller && edge.width > 1 && (box.right > edge.right + 1 || box.left < edge.left - 1)) {
          found.push(`cut by ${name(clip!)}: ${name(element)}`)
          break
        }
      }
    }
    return [...new Set(found)].slice(0, 12)
  })
}
