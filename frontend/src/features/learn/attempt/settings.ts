/** What a person set for answering on this device. */
import { ref } from 'vue'
import { readPref, writePref } from '@/lib/prefs'

export type TextSize = 'm' | 'l' | 'xl'

const known = readPref('textSize')
export const textSize = ref<TextSize>(known === 'l' || known === 'xl' ? known : 'm')
export const hideTimer = ref(readPref('hideTimer') === '1')
export const keysOn = ref(readPref('keys') !== '0')

export function setTextSize(size: TextSize) {
  textSize.value = size
  writePref('textSize', size)
}

export function setHideTimer(on: boolean) {
  hideTimer.value = on
  writePref('hideTimer', on ? '1' : '0')
}

export function setKeysOn(on: boolean) {
  keysOn.value = on
  writePref('keys', on ? '1' : '0')
}
