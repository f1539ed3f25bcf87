/** A question being written: the form's shape, and the way between it and the server's. */
import type * as schema from '@/api/schema'
import type { Key, Kind, QuestionInput, Use, Version } from './queries'

export const gap = '____'
export const kinds: Kind[] = ['single', 'multiple', 'truefalse', 'fill', 'matching', 'ordering', 'essay', 'group']

export interface OptionForm { key: number; id: number; text: string; fixed: boolean; correct: boolean; /** Per cent of the points as typed; empty = none. */ weight: string }
export interface PairForm { key: number; left: string; right: string }
/** What is asked: a question itself, or one question of a case. */
export interface PartForm {
  key: number
  kind: Kind
  stem: string
  options: OptionForm[]
  blanks: string[][]
  truth: boolean | null
  pairs: PairForm[]
  distractors: string[]
  rubric: string
  explanation: string
  statute: string
  article: string
  paragraph: number
  lawQuote: string
}
export interface Form extends PartForm {
  items: PartForm[]
  topicId: number | null
  use: Use
  difficulty: number
  tags: string[]
}

let nextKey = 1
export const newOption = (): OptionForm => ({ key: nextKey++, id: 0, text: '', fixed: false, correct: false, weight: '' })
export const newPair = (): PairForm => ({ key: nextKey++, left: '', right: '' })

export const emptyPart = (): PartForm => ({
  key: nextKey++, kind: 'single', stem: '', options: [newOption(), newOption(), newOption(), newOption()], blanks: [], truth: null,
  pairs: [newPair(), newPair(), newPair()], distractors: [], rubric: '', explanation: '', statute: '', article: '', paragraph: 0, lawQuote: '',
})
export const emptyForm = (): Form => ({ ...emptyPart(), items: [emptyPart(), emptyPart()], topicId: null, use: 'both', difficulty: 60, tags: [] })

const typed = (weight: number | undefined) => (weight === undefined ? '' : String(weight / 1000))

function partOf(part: schema.QuestionPart, key?: Key): PartForm {
  const right = key?.options ?? []
  const options = part.kind === 'ordering' && right.length ? right.flatMap((id) => part.options.filter((option) => option.id === id)) : part.options
  const blank = emptyPart()
  return {
    ...blank,
    kind: part.kind, stem: part.stem, explanation: part.explanation, statute: part.statute, article: part.article, paragraph: part.paragraph, lawQuote: part.lawQuote,
    options: part.kind === 'matching' ? [] : options.map((option, n) => ({ key: nextKey++, id: option.id, text: option.text, fixed: option.fixed, correct: part.kind !== 'ordering' && right.includes(option.id), weight: typed(key?.weights?.[n]) })),
    blanks: (key?.blanks ?? []).map((accepted) => [...accepted]),
    truth: part.kind === 'truefalse' && right.length ? right[0] === part.options[0]?.id : null,
    pairs: part.lefts ? part.lefts.map((left, n) => ({ key: nextKey++, left, right: part.options.find((option) => option.id === right[n])?.text ?? '' })) : blank.pairs,
    distractors: part.kind === 'matching' ? part.options.filter((option) => !right.includes(option.id)).map((option) => option.text) : [],
    rubric: key?.rubric ?? '',
  }
}

export function formOf(version: Version, key?: Key): Form {
  return {
    ...partOf(version, key),
    items: (version.items ?? []).map((part, n) => partOf(part, key?.parts?.[n])),
    topicId: version.topic.id, use: version.use as Use, difficulty: version.difficulty, tags: [...version.tags],
  }
}

export const weighted = (part: PartForm) => part.kind === 'multiple' && part.options.some((option) => option.weight.trim() !== '')

function partInput(part: PartForm): schema.QuestionPartBody {
  const input: schema.QuestionPartBody = {
    kind: part.kind, stem: part.stem, explanation: part.explanation, statute: part.statute, article: part.statute ? part.article : '',
    paragraph: part.statute && part.article ? part.paragraph : 0, lawQuote: part.lawQuote,
  }
  switch (part.kind) {
    case 'truefalse':
      return { ...input, truth: part.truth ?? false }
    case 'fill':
      return { ...input, blanks: part.blanks.map((accepted) => accepted.map((one) => one.trim()).filter(Boolean)) }
    case 'matching':
      return { ...input, pairs: part.pairs.map(({ left, right }) => ({ left, right })), distractors: part.distractors.map((one) => one.trim()).filter(Boolean) }
    case 'ordering':
      return { ...input, options: part.options.map(({ id, text }) => ({ ...(id ? { id } : {}), text })) }
    case 'essay':
      return { ...input, rubric: part.rubric }
    case 'group':
      return input
  }
  const weights = weighted(part)
  return { ...input, options: part.options.map(({ id, text, fixed, correct, weight }) => ({ ...(id ? { id } : {}), text, fixed, correct, ...(weights ? { weight: Math.round(Number(weight) * 1000) || 0 } : {}) })) }
}

export function inputOf(form: Form): QuestionInput {
  const items = form.kind === 'group' ? { items: form.items.map(partInput) } : {}
  return { ...partInput(form), ...items, topicId: form.topicId ?? 0, use: form.use, difficulty: form.difficulty, tags: form.tags }
}

export const gapsIn = (stem: string) => stem.split(gap).length - 1

/** What is wrong with texts of which none may be empty or stand twice. */
const texts = (list: string[], empty: string, twice: string) => {
  const plain = list.map((text) => text.trim())
  return plain.some((text) => !text) ? empty : new Set(plain).size !== plain.length ? twice : ''
}

/** Field > i18n key under editor.wrong; the server checks the same and more. */
export function wrongInPart(part: PartForm): Record<string, string> {
  const wrong: Record<string, string> = {}
  if (!part.stem.trim()) wrong.stem = 'stem'
  if (part.kind === 'truefalse' && part.truth === null) wrong.truth = 'truth'
  if (part.kind === 'essay' && !part.rubric.trim()) wrong.rubric = 'rubric'
  if (part.kind === 'fill') {
    if (!gapsIn(part.stem)) wrong.stem ??= 'noGap'
    else if (part.blanks.length !== gapsIn(part.stem) || part.blanks.some((accepted) => !accepted.some((one) => one.trim()))) wrong.blanks = 'blanks'
  }
  if (part.kind === 'matching') {
    const said = texts(part.pairs.map((pair) => pair.left), 'pairEmpty', 'leftTwice') || (part.pairs.some((pair) => !pair.right.trim()) ? 'pairEmpty' : '')
    if (part.pairs.length < 2) wrong.pairs = 'pairsFew'
    else if (said) wrong.pairs = said
    else if (part.distractors.some((one) => part.pairs.some((pair) => pair.right.trim() === one.trim()))) wrong.pairs = 'distractorFits'
  }
  if (part.kind === 'single' || part.kind === 'multiple' || part.kind === 'ordering') {
    const right = part.options.filter((option) => option.correct).length
    const said = texts(part.options.map((option) => option.text), 'optionEmpty', 'optionTwice')
    if (said) wrong.options = said
    else if (part.kind === 'single' && right !== 1) wrong.options = 'keySingle'
    else if (part.kind === 'multiple' && right < 2) wrong.options = 'keyMultiple'
    else if (weighted(part) && part.options.some(({ weight }) => !(Math.abs(Number(weight)) <= 100))) wrong.options = 'weight'
  }
  return wrong
}

export function wrongIn(form: Form): Record<string, string> {
  const wrong = wrongInPart(form)
  if (!form.topicId) wrong.topicId = 'topic'
  if (form.kind === 'group' && (!form.items.length || form.items.some((part) => Object.keys(wrongInPart(part)).length))) wrong.items = 'items'
  return wrong
}
