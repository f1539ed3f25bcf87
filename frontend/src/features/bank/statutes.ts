/** The statutes a question may cite, as law/statutes.tsv lists them (a test keeps the two alike). */
export interface Statute { code: string; name: string; short: string; articles: number }

export const statutes: Statute[] = [
  { code: 'BMF', name: '中华人民共和国保守国家秘密法', short: '保密法', articles: 65 },
  { code: 'TL', name: '中华人民共和国保守国家秘密法实施条例', short: '实施条例', articles: 74 },
  { code: 'XF', name: '中华人民共和国刑法', short: '刑法', articles: 452 },
  { code: 'XFZ', name: '中华人民共和国刑法（总则）', short: '刑法', articles: 452 },
  { code: 'XFA', name: '中华人民共和国宪法', short: '宪法', articles: 143 },
  { code: 'FJD', name: '中华人民共和国反间谍法', short: '反间谍法', articles: 71 },
  { code: 'WA', name: '中华人民共和国网络安全法', short: '网络安全法', articles: 81 },
  { code: 'FS', name: '最高人民法院关于审理为境外窃取、刺探、收买、非法提供国家秘密、情报案件具体应用法律若干问题的解释', short: '法释〔2001〕4号', articles: 7 },
  { code: 'ZWCF', name: '中华人民共和国公职人员政务处分法', short: '政务处分法', articles: 68 },
  { code: 'ZFXX', name: '中华人民共和国政府信息公开条例', short: '政府信息公开条例', articles: 56 },
  { code: 'MM', name: '中华人民共和国密码法', short: '密码法', articles: 44 },
  { code: 'GWY', name: '中华人民共和国公务员法', short: '公务员法', articles: 113 },
  { code: 'WLSJ', name: '网络数据安全管理条例', short: '网络数据安全管理条例', articles: 64 },
  { code: 'SJ', name: '中华人民共和国数据安全法', short: '数据安全法', articles: 55 },
  { code: 'JSS', name: '中华人民共和国军事设施保护法', short: '军事设施保护法', articles: 72 },
  { code: 'JB', name: '公民举报危害国家安全行为奖励办法', short: '公民举报奖励办法', articles: 24 },
  { code: 'GA', name: '中华人民共和国国家安全法', short: '国家安全法', articles: 84 },
  { code: 'ZA', name: '中华人民共和国治安管理处罚法', short: '治安管理处罚法', articles: 144 },
  { code: 'YZ', name: '中华人民共和国邮政法', short: '邮政法', articles: 87 },
  { code: 'DA', name: '中华人民共和国档案法', short: '档案法', articles: 53 },
  { code: 'CRJ', name: '中华人民共和国出境入境管理法', short: '出境入境管理法', articles: 93 },
]

export const statuteOf = (code: string) => statutes.find((one) => one.code === code)
