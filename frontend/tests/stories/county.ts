/** The real program on a copy of the demo county: one loading for the whole run, a fresh folder for each story. */
import { spawn, type ChildProcess } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** Of every named account; also the name of nothing else, so that it can be searched for in logs. */
export const password = 'story-Qingchuan-2026'

/** A guard against hanging, not a measure of speed: the machine may be shared. */
export const patience = 120_000

export const binary = path.resolve(process.env.JINGZHONG_BINARY ?? path.join(import.meta.dirname, '../../../bin/jingzhong'))

/** One running program. */
export interface Program {
  /** http://127.0.0.1:PORT */
  url: string
  port: number
  /** What it has printed so far. */
  output: () => string
  /** SIGTERM, and the exit that follows. */
  stop: () => Promise<void>
}

/** Starts the program in a folder and waits until it says where it is. */
export async function serve(folder: string, ...args: string[]): Promise<Program> {
  if (!existsSync(binary)) throw new Error(`${binary} is not built: run make build, or set JINGZHONG_BINARY`)
  const env = { ...process.env, JINGZHONG_DEMO_PASSWORD: password }
  const child = spawn(binary, ['serve', '--data', folder, '--addr', '127.0.0.1:0', '--log-format', 'text', ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  let log = ''
  child.stdout.on('data', (chunk) => (output += chunk))
  child.stderr.on('data', (chunk) => (log = (log + chunk).slice(-20_000)))
  const url = await new Promise<string>((resolve, reject) => {
    const guard = setTimeout(() => reject(new Error(`the program did not start\n${output}${log}`)), patience)
    child.stdout.on('data', () => {
      const found = /(http:\/\/127\.0\.0\.1:\d+)\s/.exec(output)
      if (!found) return
      clearTimeout(guard)
      resolve(found[1])
    })
    child.once('exit', (code) => {
      clearTimeout(guard)
      reject(new Error(`the program ended with ${code}\n${output}${log}`))
    })
    child.once('error', reject)
  })
  while (!(await fetch(url + '/readyz').then((answer) => answer.ok, () => false))) await new Promise((resolve) => setTimeout(resolve, 50))
  return { url, port: Number(new URL(url).port), output: () => output, stop: () => end(child, () => log) }
}

async function end(child: ChildProcess, log: () => string): Promise<void> {
  if (child.exitCode !== null) return
  const left = new Promise<number | null>((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  const guard = setTimeout(() => child.kill('SIGKILL'), patience)
  const code = await left
  clearTimeout(guard)
  if (code !== 0) throw new Error(`the program ended with ${code} after SIGTERM\n${log()}`)
}

export const makeFolder = () => mkdtempSync(path.join(tmpdir(), 'jingzhong-story-'))

/** Loads the demo county once; what it prints names three activation codes. */
export async function loadTemplate(): Promise<{ folder: string; output: string }> {
  const folder = makeFolder()
  const program = await serve(folder, '--demo')
  const output = program.output()
  await program.stop()
  return { folder, output }
}

/** A county of one's own, as it was when it had been loaded. */
export async function openCounty(template: string): Promise<Program> {
  const folder = makeFolder()
  cpSync(template, folder, { recursive: true })
  const program = await serve(folder, '--demo')
  return {
    ...program,
    stop: async () => {
      await program.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A person whose activation code the loading printed. */
export interface Slip {
  username: string
  name: string
  unit: string
  code: string
}

export function slipsOf(output: string): Slip[] {
  return [...output.matchAll(/^(\S+)\s+(\S+)\s+(\S+)\s+([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})$/gm)].map(([, username, name, unit, code]) => ({ username, name, unit, code }))
}
