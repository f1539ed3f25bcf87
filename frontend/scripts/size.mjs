// What a learner's phone loads before the first page stands: script and style, gzip, at most 150 KB.
// Also refuses a build that would fetch anything from another host.
import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

const dist = new URL('../dist/', import.meta.url).pathname
const manifest = JSON.parse(readFileSync(join(dist, 'manifest.json'), 'utf8'))
const limit = 150 * 1024

const firstPage = [
  'index.html',
  'src/app/LearnerShell.vue',
  'src/features/learn/Home.vue',
  'src/i18n/zh-CN/core.json',
  'src/i18n/zh-CN/learn.json',
]
// The polyfills are loaded by index.html itself.
const html = readFileSync(join(dist, 'index.html'), 'utf8')
const files = new Set([...html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.(?:js|css))"/g)].map((match) => match[1]))

function follow(key, seen = new Set()) {
  if (seen.has(key)) return
  seen.add(key)
  const entry = manifest[key]
  if (!entry) throw new Error(`the build has no ${key}`)
  files.add(entry.file)
  entry.css?.forEach((file) => files.add(file))
  entry.imports?.forEach((next) => follow(next, seen))
}
firstPage.forEach((key) => follow(key))

let total = 0
const rows = [...files]
  .map((file) => ({ file, size: gzipSync(readFileSync(join(dist, file)), { level: 9 }).length }))
  .sort((a, b) => b.size - a.size)
for (const { file, size } of rows) {
  total += size
  console.log(String((size / 1024).toFixed(1)).padStart(8), 'KB ', file)
}
console.log(String((total / 1024).toFixed(1)).padStart(8), 'KB  learner first page, gzip; limit 150.0 KB')
const kit = rows.filter(({ file }) => /element/i.test(file))
if (kit.length) fail(`the learner's first page loads Element Plus: ${kit.map(({ file }) => file).join(', ')}`)
if (total > limit) fail('over the limit')

// Names that appear in messages or as XML namespaces and are never fetched.
const harmless = /^(www\.w3\.org|vuejs\.org|router\.vuejs\.org|vue-i18n\.intlify\.dev|github\.com|element-plus\.org|tanstack\.com|developer\.mozilla\.org|localhost|bit\.ly)$/
function walk(dir) {
  return readdirSync(dir).flatMap((name) => {
    const path = join(dir, name)
    return statSync(path).isDirectory() ? walk(path) : [path]
  })
}
const foreign = []
for (const path of walk(dist).filter((name) => /\.(js|css|html|svg)$/.test(name))) {
  const text = readFileSync(path, 'utf8')
  for (const [, host] of text.matchAll(/https?:\/\/([a-z0-9.-]+\.[a-z]+|localhost)/gi)) if (!harmless.test(host)) foreign.push(`${path.slice(dist.length)}: ${host}`)
  if (/url\(\s*["']?(https?:)?\/\//.test(text)) foreign.push(`${path.slice(dist.length)}: url(//…)`)
}
if (foreign.length) fail('outside hosts in the build:\n' + [...new Set(foreign)].join('\n'))

function fail(reason) {
  console.error(reason)
  process.exitCode = 1
}
