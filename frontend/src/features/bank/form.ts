/** A question being written: the form's shape, and the way between it and the server's. */
import type { Key, Kind, QuestionInput, Use, Version } from './queries'

export const gap = '____'

export interface OptionForm { key: number; id: number; text: string; fixed: boolean; correct: boolean }
export interface Form {
  kind: Kind
  stem: string
  options: OptionForm[]
  blanks: string[][]
  truth: boolean | null
  explanation: string
  statute: string
  article: string
  paragraph: number
  lawQuote: string
  topicId: number | null
  use: Use
  difficulty: number
  tags: string[]
}

let nextKey = 1
export const newOption = (): OptionForm => ({ key: nextKey++, id: 0, text: '', fixed: false, correct: false })

export const emptyForm = (): Form => ({
  kind: 'single', stem: '', options: [newOption(), newOption(), newOption(), newOption()], blanks: [], truth: null,
  explanation: '', statute: '', article: '', paragraph: 0, lawQuote: '', topicId: null, use: 'both', difficulty: 60, tags: [],
})

export function formOf(version: Version, key?: Key): Form {
  const right = key?.options ?? []
  return {
    kind: version.kind, stem: version.stem, explanation: version.explanation, statute: version.statute, article: version.article,
    paragraph: version.paragraph, lawQuote: version.lawQuote, topicId: version.topic.id, use: version.use as Use, difficulty: version.difficulty, tags: [...version.tags],
    options: version.options.map((option) => ({ key: nextKey++, id: option.id, text: option.text, fixed: option.fixed, correct: right.includes(option.id) })),
    blanks: (key?.blanks ?? []).map((accepted) => [...accepted]),
    truth: version.kind === 'truefalse' && right.length ? right[0] === version.options[0]?.id : null,
  }
}

export function inputOf(form: Form): QuestionInput {
  const input: QuestionInput = {
    kind: form.kind, stem: form.stem, explanation: form.explanation, statute: form.statute, article: form.statute ? form.article : '',
    paragraph: form.statute && form.article ? form.paragraph : 0, lawQuote: form.lawQuote, topicId: form.topicId ?? 0, use: form.use, difficulty: form.difficulty, tags: form.tags,
  }
  if (form.kind === 'truefalse') input.truth = form.truth ?? false
  else if (form.kind === 'fill') input.blanks = form.blanks.map((accepted) => accepted.map((one) => one.trim()).filter(Boolean))
  else input.options = form.options.map(({ id, text, fixed, correct }) => ({ ...(id ? { id } : {}), text, fixed, correct }))
  return input
}

export const gapsIn = (stem: string) => stem.split(gap).length - 1

/** Field > i18n key under editor.wrong; the server checks the same and more. */
export function wrongIn(form: Form): Record<string, string> {
  const wrong: Record<string, string> = {}
  if (!form.stem.trim()) wrong.stem = 'stem'
  if (!form.topicId) wrong.topicId = 'topic'
  if (form.kind === 'truefalse' && form.truth === null) wrong.truth = 'truth'
  if (form.kind === 'fill') {
    if (!gapsIn(form.stem)) wrong.stem ??= 'noGap'
    else if (form.blanks.length !== gapsIn(form.stem) || form.blanks.some((accepted) => !accepted.some((one) => one.trim()))) wrong.blanks = 'blanks'
  }
  if (form.kind === 'single' || form.kind === 'multiple') {
    const texts = form.options.map((option) => option.text.trim())
    const right = form.options.filter((option) => option.correct).length
    if (texts.some((text) => !text)) wrong.options = 'optionEmpty'
    else if (new Set(texts).size !== texts.length) wrong.options = 'optionTwice'
    else if (form.kind === 'single' && right !== 1) wrong.options = 'keySingle'
    else if (form.kind === 'multiple' && right < 2) wrong.options = 'keyMultiple'
  }
  return wrong
}
