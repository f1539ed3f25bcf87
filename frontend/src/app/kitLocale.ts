/** Element Plus words and its date pickers' words, one lazy file per language. */
import dayjs from 'dayjs'
import zhCn from 'element-plus/es/locale/lang/zh-cn'
import type { Lang } from '@/lib/when'

type KitLocale = typeof zhCn

export async function loadKitLocale(lang: Lang): Promise<KitLocale> {
  if (lang === 'en') {
    dayjs.locale('en')
    return (await import('element-plus/es/locale/lang/en')).default as KitLocale
  }
  if (lang === 'zh-TW') {
    await import('dayjs/locale/zh-tw')
    dayjs.locale('zh-tw')
    return (await import('element-plus/es/locale/lang/zh-tw')).default as KitLocale
  }
  await import('dayjs/locale/zh-cn')
  dayjs.locale('zh-cn')
  return zhCn
}
