/** Citations as people read them: 保密法第 26 条第 2 款. "219-1" is 第 219 条之 1, "M" the title note. */
import { i18n } from '@/i18n'
import { statuteOf } from './statutes'

export function articleText(article: string, paragraph = 0): string {
  const t = i18n.global.t
  if (!article) return ''
  if (article === 'M') return t('bank.law.titleNote')
  const [main, sub] = article.split('-')
  const text = sub ? t('bank.law.articleSub', { n: main, sub }) : t('bank.law.articleN', { n: main })
  return paragraph ? text + t('bank.law.paragraphN', { n: paragraph }) : text
}

export function citeText(statute: string, article: string, paragraph = 0): string {
  if (!statute) return ''
  const name = statuteOf(statute)?.short ?? statute
  return article ? (i18n.global.locale.value === 'en' ? name + ' ' : name) + articleText(article, paragraph) : name
}
