// @vitest-environment jsdom
import { afterEach, describe, expect, it } from 'vitest'
import { keyOf, setSingleKeys, type PageKey } from './pageKeys'

const keys: PageKey[] = [
  { press: 'j', does: 'down', act: () => true },
  { press: 'ctrl+s', does: 'save', act: () => true },
  { press: 'alt+ArrowLeft', does: 'back', act: () => true },
  { press: 'ArrowUp ArrowDown', does: 'rows' },
]

/** What the keys mean when pressed in an element. */
function press(tag: string, init: KeyboardEventInit, attribute = '') {
  const element = document.createElement(tag)
  if (attribute) element.setAttribute('type', attribute)
  document.body.append(element)
  const event = new KeyboardEvent('keydown', { bubbles: true, ...init })
  element.dispatchEvent(event)
  return keyOf(event, keys)?.does
}

describe('keys of a page', () => {
  afterEach(() => setSingleKeys(true))

  it('act on the page, in either case', () => {
    expect(press('div', { key: 'j' })).toBe('down')
    expect(press('div', { key: 'J' })).toBe('down')
    expect(press('input', { key: 'j' }, 'checkbox')).toBe('down')
  })

  it('rest where somebody writes, unless Ctrl or Alt is held', () => {
    expect(press('input', { key: 'j' })).toBeUndefined()
    expect(press('textarea', { key: 'j' })).toBeUndefined()
    expect(press('input', { key: 's', ctrlKey: true })).toBe('save')
    expect(press('textarea', { key: 'ArrowLeft', altKey: true })).toBe('back')
    expect(press('div', { key: 'j', ctrlKey: true })).toBeUndefined()
  })

  it('can be switched off as single keys', () => {
    setSingleKeys(false)
    expect(press('div', { key: 'j' })).toBeUndefined()
    expect(press('div', { key: 's', metaKey: true })).toBe('save')
  })

  it('are only listed where a part of the page listens itself', () => {
    expect(press('div', { key: 'ArrowUp' })).toBeUndefined()
  })
})
