import { ref } from 'vue'
import { dayText, momentText, clockText, civil } from '@/lib/when'
import { serverNow } from '@/api/time'
import { lang } from './index'

/** The installation's time zone, from GET /api/v1/site. */
export const zone = ref('Asia/Shanghai')

/** A contest in draft may lack its times: an absent one shows as a dash. */
type Time = string | null | undefined

export const day = (iso: Time) => (iso ? dayText(Date.parse(iso), serverNow(), zone.value, lang.value) : '—')
export const moment = (iso: Time) => (iso ? momentText(Date.parse(iso), serverNow(), zone.value, lang.value) : '—')
export const clock = (iso: Time) => (iso ? clockText(Date.parse(iso), zone.value) : '—')
export const hourNow = () => civil(serverNow(), zone.value).hour
