import { ref } from 'vue'
import { dayText, momentText, clockText, civil } from '@/lib/when'
import { serverNow } from '@/api/time'
import { lang } from './index'

/** The installation's time zone, from GET /api/v1/site. */
export const zone = ref('Asia/Shanghai')

export const day = (iso: string) => dayText(Date.parse(iso), serverNow(), zone.value, lang.value)
export const moment = (iso: string) => momentText(Date.parse(iso), serverNow(), zone.value, lang.value)
export const clock = (iso: string) => clockText(Date.parse(iso), zone.value)
export const hourNow = () => civil(serverNow(), zone.value).hour
