import { describe, expect, it } from 'vitest'
import { emptyForm, formOf, inputOf, kinds, wrongIn, wrongInPart, type Form } from './form'
import type { Version } from './queries'

const filled = (kind: Form['kind']): Form => {
  const form = { ...emptyForm(), kind, stem: kind === 'fill' ? '在____内' : '题干', topicId: 1, truth: true, blanks: [['24']], rubric: '要点' }
  form.options.forEach((option, n) => Object.assign(option, { text: '项' + n, correct: kind === 'single' ? n === 1 : n < 2 }))
  form.pairs.forEach((pair, n) => Object.assign(pair, { left: '左' + n, right: '右' + n }))
  form.items = [{ ...emptyForm(), kind: 'essay', stem: '一', rubric: '要点' }]
  return form
}

describe('a question being written', () => {
  it.each(kinds)('%s is complete, and sends only what its kind holds', (kind) => {
    const form = filled(kind)
    expect(wrongIn(form)).toEqual({})
    const sent = Object.keys(inputOf(form)).filter((field) => ['options', 'blanks', 'truth', 'pairs', 'rubric', 'items'].includes(field))
    expect(sent).toEqual([{ single: 'options', multiple: 'options', truefalse: 'truth', fill: 'blanks', matching: 'pairs', ordering: 'options', essay: 'rubric', group: 'items' }[kind]])
  })
  it('says what each kind lacks', () => {
    const lacks = (kind: Form['kind'], change: (form: Form) => unknown) => {
      const form = filled(kind)
      change(form)
      return wrongIn(form)
    }
    expect(lacks('matching', (form) => (form.pairs[1].left = '左0'))).toEqual({ pairs: 'leftTwice' })
    expect(lacks('matching', (form) => (form.distractors = ['右1']))).toEqual({ pairs: 'distractorFits' })
    expect(lacks('ordering', (form) => (form.options[0].text = ' '))).toEqual({ options: 'optionEmpty' })
    expect(lacks('essay', (form) => (form.rubric = ''))).toEqual({ rubric: 'rubric' })
    expect(lacks('group', (form) => (form.items[0].rubric = ''))).toEqual({ items: 'items' })
    expect(lacks('multiple', (form) => (form.options[0].weight = '120'))).toEqual({ options: 'weight' })
  })
  it('weighs every option once one is weighed', () => {
    const form = filled('multiple')
    form.options[0].weight = '33.3'
    expect(inputOf(form).options?.map((option) => option.weight)).toEqual([33300, 0, 0, 0])
  })
  it('comes back from the server as it went', () => {
    const version = {
      kind: 'matching', stem: '连', lefts: ['绝密', '机密'], options: [{ id: 1, text: '三十年', fixed: false }, { id: 2, text: '二十年', fixed: false }, { id: 3, text: '五年', fixed: false }],
      topic: { id: 1, name: '' }, tags: [], explanation: '', statute: '', article: '', paragraph: 0, lawQuote: '', use: 'both', difficulty: 60,
    } as unknown as Version
    const input = inputOf(formOf(version, { options: [1, 2], blanks: [] }))
    expect(input.pairs).toEqual([{ left: '绝密', right: '三十年' }, { left: '机密', right: '二十年' }])
    expect(input.distractors).toEqual(['五年'])
    const steps = formOf({ ...version, kind: 'ordering', lefts: undefined } as Version, { options: [3, 1, 2], blanks: [] })
    expect(steps.options.map((option) => option.text)).toEqual(['五年', '三十年', '二十年'])
    expect(wrongInPart(steps)).toEqual({})
  })
})
