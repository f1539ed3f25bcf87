/** Makes what the pages are to show: a paper being answered, a file of questions, a file of people. */
import { password, type Program } from './county'
import type { Things } from './pages'
import { writeWorkbook } from './workbook'

class Client {
  private constructor(
    private readonly url: string,
    private readonly token: string,
  ) {}

  static async signIn(program: Program, username: string): Promise<Client> {
    const answer = await fetch(program.url + '/api/v1/sessions', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ username, password }) })
    return new Client(program.url, ((await answer.json()) as { accessToken: string }).accessToken)
  }

  async call<T>(method: string, path: string, body?: object): Promise<T> {
    const form = body instanceof FormData
    const answer = await fetch(this.url + '/api/v1' + path, {
      method,
      headers: { Authorization: 'Bearer ' + this.token, ...(body && !form ? { 'Content-Type': 'application/json' } : {}) },
      body: form ? body : body && JSON.stringify(body),
    })
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as T
  }
}

interface List<T> {
  items: T[]
}

const file = (rows: string[][], name: string) => {
  const form = new FormData()
  form.append('file', new Blob([new Uint8Array(writeWorkbook(rows))]), name)
  return form
}

export const questionRows = [
  ['题型', '题干', '选项A', '选项B', '选项C', '选项D', '答案', '解析', '主题', '难度', '依据'],
  ['单选', '机关、单位对所产生的国家秘密事项，应当按照什么确定密级？', '领导的意见', '国家秘密及其密级的具体范围的规定', '同行的做法', '文件的篇幅', 'B', '定密以保密事项范围为准。', '定密', '中', '《中华人民共和国保守国家秘密法》第十四条'],
  ['判断', '可以用个人微信传送工作秘密。', '', '', '', '', '错', '工作秘密不得在互联网上传送。', '手机与社交媒体', '易', ''],
  ['单选', '收到标有密级的文件，应当怎样办理？', '登记后专人保管', '放在桌上', '拍照留存', '转发同事', 'E', '', '载体管理', '中', ''],
]

export const peopleHead = ['姓名', '单位', '工号', '手机号', '职务', '状态']

/** Signs in as those who make them, the way an outside client would. */
export async function makeThings(program: Program): Promise<Things> {
  const trainer = await Client.signIn(program, 'trainer')
  const admin = await Client.signIn(program, 'admin')
  const learner = await Client.signIn(program, 'learner')
  const contests = (await trainer.call<List<{ id: number; state: string }>>('GET', '/contests?limit=50')).items
  const of = (...states: string[]) => contests.find((one) => states.includes(one.state))!.id
  const open = of('open')
  const started = await learner.call<{ id: number }>('POST', `/contests/${open}/attempts`)
  const past = (await learner.call<List<{ id: number; state: string }>>('GET', '/me/attempts')).items.find((one) => one.id !== started.id)!
  const questions = await trainer.call<List<{ id: number }>>('GET', '/questions?limit=1')
  const questionImport = await trainer.call<{ id: number }>('POST', '/question-imports', file(questionRows, '题目.xlsx'))
  const units = (await admin.call<List<{ unit: { id: number }; missing: number }>>('GET', `/contests/${open}/rankings/units`)).items
  const { unit } = units.reduce((most, one) => (one.missing > most.missing ? one : most))
  const peopleImport = await admin.call<{ id: number }>('POST', '/people-imports', file([peopleHead, ['方知远', '县水利局', 'S9001', '', '科员', '在职'], ['', '县水利局', 'S9002', '', '', ''], ['陆明', '没有这个单位', 'S9003', '', '', '']], '人员.xlsx'))
  return { open, final: of('notice', 'final', 'graded'), scheduled: of('scheduled'), draft: of('draft'), liveAttempt: started.id, pastAttempt: past.id, question: questions.items[0].id, questionImport: questionImport.id, peopleImport: peopleImport.id, unit: unit.id }
}
