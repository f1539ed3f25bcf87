import { expect, it } from 'vitest'
import { citation, hanNumber } from './citation'

it.each([
  [1, '一'],
  [10, '十'],
  [14, '十四'],
  [20, '二十'],
  [47, '四十七'],
  [105, '一百零五'],
  [110, '一百一十'],
  [219, '二百一十九'],
  [300, '三百'],
  [1001, '一千零一'],
])('%d is %s', (value, words) => expect(hanNumber(value)).toBe(words))

it.each([
  [['保密法', '47', '', '2024年2月27日第二次修订'], '《保密法》第四十七条（2024）'],
  [['保密法实施条例', '61', '1', '2024'], '《保密法实施条例》第六十一条第一款（2024）'],
  [['《刑法》', '219-1', '', ''], '《刑法》第二百一十九条之一'],
  [['保密法', 'M', '0', ''], '《保密法》题注'],
  [['', '47', '', ''], ''],
] as [[string, string, string, string], string][])('%j', (input, wanted) => expect(citation(...input)).toBe(wanted))
