// Draws /api/openapi.json: groups, calls, parameters and the shapes they carry. No library, nothing from outside.
'use strict'

const el = (tag, text, attributes = {}) => {
  const node = document.createElement(tag)
  if (text !== undefined) node.textContent = text
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value)
  return node
}

let schemas = {}

/** A schema as an indented outline; a name that is already open is not opened again. */
function outline(schema, indent = '', open = []) {
  if (!schema) return 'any'
  if (schema.$ref) {
    const name = schema.$ref.split('/').pop()
    if (open.includes(name)) return name
    return outline(schemas[name], indent, open.concat(name))
  }
  const type = Array.isArray(schema.type) ? schema.type.join(' | ') : schema.type
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ')
  if (schema.type === 'array' || (Array.isArray(schema.type) && schema.items)) return '[' + outline(schema.items, indent, open) + ']'
  if (schema.properties) {
    const inner = indent + '  '
    const lines = Object.entries(schema.properties).map(([name, child]) => {
      const mark = (schema.required || []).includes(name) ? '' : '?'
      const about = child.description ? '  // ' + child.description : ''
      return inner + name + mark + ': ' + outline(child, inner, open) + about
    })
    return '{\n' + lines.join('\n') + '\n' + indent + '}'
  }
  return (type || 'any') + (schema.format ? ' (' + schema.format + ')' : '')
}

function bodies(title, content, into) {
  for (const [media, value] of Object.entries(content || {})) {
    into.append(el('h3', title + ' · ' + media))
    into.append(el('pre', outline(value.schema)))
  }
}

function call(path, method, op) {
  const box = el('details', undefined, { id: op.operationId })
  const head = el('summary')
  head.append(el('span', method.toUpperCase(), { class: 'method' }), el('code', path), el('span', op['x-right'] || '', { class: 'right' }))
  head.append(el('div', op.summary, { class: 'text' }))
  box.append(head)
  const body = el('div')
  if (op.description) body.append(el('p', op.description, { class: 'text' }))
  if (op.parameters && op.parameters.length) {
    const table = el('table')
    const top = el('tr')
    for (const title of ['Parameter', 'In', 'Type', '']) top.append(el('th', title))
    table.append(top)
    for (const p of op.parameters) {
      const row = el('tr')
      row.append(el('td', p.name + (p.required ? ' *' : '')), el('td', p.in), el('td', outline(p.schema)), el('td', p.description || ''))
      table.append(row)
    }
    body.append(table)
  }
  if (op.requestBody) bodies('Body', op.requestBody.content, body)
  for (const [status, response] of Object.entries(op.responses || {})) {
    if (response.content) bodies(status + ' ' + response.description, response.content, body)
    else body.append(el('h3', status + ' ' + response.description))
  }
  box.append(body)
  box.dataset.text = [path, op.summary, op['x-right'], op.operationId].join(' ').toLowerCase()
  return box
}

function draw(document_) {
  schemas = document_.components.schemas
  const groups = new Map()
  for (const [path, item] of Object.entries(document_.paths)) {
    for (const method of ['get', 'post', 'put', 'patch', 'delete']) {
      if (!item[method]) continue
      const tag = (item[method].tags || ['Other'])[0]
      if (!groups.has(tag)) groups.set(tag, [])
      groups.get(tag).push(call(path, method, item[method]))
    }
  }
  const main = document.getElementById('main')
  const nav = document.getElementById('nav')
  main.replaceChildren(el('p', document_.info.description, { class: 'text' }))
  for (const [tag, calls] of groups) {
    const id = 'group-' + tag.replace(/\W+/g, '-')
    nav.append(el('a', tag, { href: '#' + id }))
    const section = el('section')
    section.append(el('h2', tag, { id }), ...calls)
    main.append(section)
  }
  if (location.hash) {
    const target = document.getElementById(location.hash.slice(1))
    if (target) {
      if (target.tagName === 'DETAILS') target.open = true
      target.scrollIntoView()
    }
  }
}

document.getElementById('filter').addEventListener('input', (event) => {
  const wanted = event.target.value.trim().toLowerCase()
  for (const section of document.querySelectorAll('main section')) {
    let shown = 0
    for (const box of section.querySelectorAll('details')) {
      box.hidden = !box.dataset.text.includes(wanted)
      if (!box.hidden) shown++
    }
    section.hidden = shown === 0
  }
})

fetch('/api/openapi.json')
  .then((response) => response.json())
  .then(draw)
  .catch(() => document.getElementById('main').replaceChildren(el('p', 'The document could not be read.')))
