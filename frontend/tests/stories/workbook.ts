/** Workbooks as people send them: just enough of ZIP and SpreadsheetML to write one and to read one back. */
import { crc32, inflateRawSync } from 'node:zlib'

const escape = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
const unescape = (text: string) =>
  text
    .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
    .replace(/&#x([0-9a-f]+);/gi, (_, code) => String.fromCodePoint(parseInt(code, 16)))
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&apos;/g, "'")
    .replace(/&amp;/g, '&')

function column(n: number): string {
  return n < 26 ? String.fromCharCode(65 + n) : column(Math.floor(n / 26) - 1) + column(n % 26)
}

/** A workbook of one sheet; every cell is text. */
export function writeWorkbook(rows: string[][], sheet = 'Sheet1'): Buffer {
  const cells = rows.map(
    (row, y) => `<row r="${y + 1}">${row.map((text, x) => (text === '' ? '' : `<c r="${column(x)}${y + 1}" t="inlineStr"><is><t xml:space="preserve">${escape(text)}</t></is></c>`)).join('')}</row>`,
  )
  const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
  const office = 'http://schemas.openxmlformats.org/officeDocument/2006'
  return zip({
    '[Content_Types].xml': `${head}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`,
    '_rels/.rels': `${head}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${office}/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `${head}<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="${office}/relationships"><sheets><sheet name="${escape(sheet)}" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `${head}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${office}/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
    'xl/worksheets/sheet1.xml': `${head}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>${cells.join('')}</sheetData></worksheet>`,
  })
}

/** A ZIP archive of texts, stored as they are. */
export function zip(files: Record<string, string>): Buffer {
  const parts: Buffer[] = []
  const index: Buffer[] = []
  let offset = 0
  for (const [name, text] of Object.entries(files)) {
    const data = Buffer.from(text)
    const path = Buffer.from(name)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(0x0800, 2)
    common.writeUInt16LE(0x21, 8)
    common.writeUInt32LE(crc32(data), 10)
    common.writeUInt32LE(data.length, 14)
    common.writeUInt32LE(data.length, 18)
    common.writeUInt16LE(path.length, 22)
    parts.push(Buffer.from('PK\x03\x04'), common, path, data)
    const entry = Buffer.alloc(14)
    entry.writeUInt32LE(offset, 10)
    index.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, entry, path)
    offset += 4 + common.length + path.length + data.length
  }
  const central = Buffer.concat(index)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(Object.keys(files).length, 4)
  end.writeUInt16LE(Object.keys(files).length, 6)
  end.writeUInt32LE(central.length, 8)
  end.writeUInt32LE(offset, 12)
  return Buffer.concat([...parts, central, Buffer.from('PK\x05\x06'), end])
}

/** The files of a ZIP archive, read by its central directory. */
function unzip(data: Buffer): Map<string, Buffer> {
  const end = data.lastIndexOf('PK\x05\x06')
  if (end < 0) throw new Error('not a ZIP archive')
  const files = new Map<string, Buffer>()
  let at = data.readUInt32LE(end + 16)
  for (let n = data.readUInt16LE(end + 10); n > 0; n--) {
    const method = data.readUInt16LE(at + 10)
    const packed = data.readUInt32LE(at + 20)
    const name = data.toString('utf8', at + 46, at + 46 + data.readUInt16LE(at + 28))
    const local = data.readUInt32LE(at + 42)
    const start = local + 30 + data.readUInt16LE(local + 26) + data.readUInt16LE(local + 28)
    const body = data.subarray(start, start + packed)
    files.set(name, method === 0 ? body : inflateRawSync(body))
    at += 46 + data.readUInt16LE(at + 28) + data.readUInt16LE(at + 30) + data.readUInt16LE(at + 32)
  }
  return files
}

/** Sheets by name, each a list of rows of text. */
export function readWorkbook(data: Buffer): Map<string, string[][]> {
  const files = unzip(data)
  const text = (name: string) => files.get(name)?.toString('utf8') ?? ''
  const said = (xml: string) => [...xml.matchAll(/<t(?: [^>]*)?>([^<]*)<\/t>/g)].map((one) => unescape(one[1])).join('')
  const shared = [...text('xl/sharedStrings.xml').matchAll(/<si>(.*?)<\/si>/gs)].map((one) => said(one[1]))
  const targets = new Map([...text('xl/_rels/workbook.xml.rels').matchAll(/<Relationship [^>]*>/g)].map(([one]) => [/ Id="([^"]+)"/.exec(one)![1], / Target="([^"]+)"/.exec(one)![1]]))
  const sheets = new Map<string, string[][]>()
  for (const [one] of text('xl/workbook.xml').matchAll(/<sheet [^>]*>/g)) {
    const target = targets.get(/r:id="([^"]+)"/.exec(one)![1])!.replace(/^\//, '')
    const xml = text(target.startsWith('xl/') ? target : 'xl/' + target)
    const rows: string[][] = []
    for (const [, y, body] of xml.matchAll(/<row [^>]*?r="(\d+)"[^>]*?(?:\/>|>(.*?)<\/row>)/gs)) {
      const row: string[] = (rows[Number(y) - 1] = [])
      for (const [, ref, attrs, inner] of (body ?? '').matchAll(/<c r="([A-Z]+)\d+"([^>]*?)(?:\/>|>(.*?)<\/c>)/gs)) {
        const x = [...ref].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1
        const value = /<v>([^<]*)<\/v>/.exec(inner ?? '')?.[1] ?? ''
        row[x] = /t="s"/.test(attrs) ? (shared[Number(value)] ?? '') : /t="inlineStr"/.test(attrs) ? said(inner) : unescape(value)
      }
    }
    sheets.set(unescape(/name="([^"]+)"/.exec(one)![1]), Array.from(rows, (row) => Array.from(row ?? [], (cell) => cell ?? '')))
  }
  return sheets
}
