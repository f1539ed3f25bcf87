/** Real Chromium, and people in it whose every console error, outside request or broken policy fails the story. */
import { mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { chromium, type Browser, type BrowserContext, type Locator, type Page, type Request } from 'playwright-core'
import { expect } from 'vitest'
import { password, patience, type Program } from './county'
import { say, type Lang } from './words'

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
]

export const openBrowser = (...more: string[]): Promise<Browser> =>
  chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: [...flags, ...more], timeout: patience })

export const phone = { width: 390, height: 844 }
export const desk = { width: 1440, height: 900 }

export interface Look {
  viewport?: { width: number; height: number }
  lang?: Lang
  dark?: boolean
  /** Instead of the program's own address. */
  origin?: string
}

/** Somebody at a browser of their own: a context, a page, and what went wrong there. */
export class Visitor {
  readonly faults: string[] = []
  private readonly allowed: { status: number; path: RegExp }[] = []
  private offline = false

  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
    readonly origin: string,
  ) {}

  static async open(browser: Browser, program: Program, look: Look = {}): Promise<Visitor> {
    const viewport = look.viewport ?? desk
    const context = await browser.newContext({
      viewport,
      locale: look.lang ?? 'zh-CN',
      timezoneId: 'Asia/Shanghai',
      colorScheme: look.dark ? 'dark' : 'light',
      reducedMotion: 'reduce',
      acceptDownloads: true,
      ...(viewport.width < 600 ? { hasTouch: true, isMobile: true, deviceScaleFactor: 2 } : {}),
    })
    context.setDefaultTimeout(60_000)
    context.setDefaultNavigationTimeout(patience)
    // What the page itself would report: a policy's violation may come without an error in the console.
    await context.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`))
    })
    const visitor = new Visitor(context, await context.newPage(), look.origin ?? program.url)
    visitor.watch()
    return visitor
  }

  private watch() {
    const host = new URL(this.origin).host
    this.context.on('request', (request) => {
      const to = new URL(request.url())
      if (/^https?:|^wss?:/.test(to.protocol) && to.host !== host) this.faults.push(`request to another host: ${request.url()}`)
    })
    this.context.on('response', (response) => {
      const { pathname } = new URL(response.url())
      if (response.status() >= 400 && !this.expected(response.status(), pathname)) this.faults.push(`${response.request().method()} ${pathname} answered ${response.status()}`)
    })
    this.context.on('requestfailed', (request) => {
      if (!this.offline && !this.leaving(request)) this.faults.push(`${request.method()} ${request.url()} failed: ${request.failure()?.errorText}`)
    })
    this.context.on('weberror', (error) => this.faults.push(`page error: ${error.error().stack ?? error.error().message}`))
    this.context.on('console', (message) => {
      if (message.type() !== 'error' && message.type() !== 'warning') return
      const text = message.text()
      // Chromium names each refused or failed request once more; those are judged above.
      if (/^Failed to load resource/.test(text)) return
      this.faults.push(`console ${message.type()}: ${text} (${message.location().url})`)
    })
  }

  /** A page that goes away ends its streams and last requests: that is no failure. */
  private leaving(request: Request): boolean {
    return request.failure()?.errorText === 'net::ERR_ABORTED'
  }

  private expected(status: number, pathname: string): boolean {
    return this.allowed.some((one) => one.status === status && one.path.test(pathname))
  }

  /** The story knows that the server will refuse something here. */
  allow(status: number, path: RegExp) {
    this.allowed.push({ status, path })
  }

  async setOffline(offline: boolean) {
    if (offline) this.offline = true
    await this.context.setOffline(offline)
  }

  /** Requests that were under way when the network came back have been judged. */
  forgiveNetwork() {
    this.offline = false
  }

  async goto(path: string) {
    await this.page.goto(this.origin + path)
  }

  async signIn(username: string, secret = password) {
    await this.goto('/sign-in')
    await this.page.getByLabel(say('learn.signIn.username'), { exact: true }).fill(username)
    await this.page.locator('#password').fill(secret)
    await this.page.getByRole('button', { name: say('learn.signIn.act'), exact: true }).click()
    await this.page.waitForURL((url) => url.pathname !== '/sign-in')
  }

  button(name: string | RegExp, within: Page | Locator = this.page): Locator {
    return within.getByRole('button', { name, exact: typeof name === 'string' })
  }

  link(name: string | RegExp, within: Page | Locator = this.page): Locator {
    return within.getByRole('link', { name, exact: typeof name === 'string' })
  }

  text(text: string | RegExp): Locator {
    return this.page.getByText(text).first()
  }

  async sees(text: string | RegExp, timeout = 60_000) {
    await this.text(text).waitFor({ timeout })
  }

  /** A file the page hands out on a click. */
  async download(click: () => Promise<unknown>): Promise<{ name: string; path: string }> {
    const [file] = await Promise.all([this.page.waitForEvent('download'), click()])
    return { name: file.suggestedFilename(), path: await file.path() }
  }

  check() {
    expect(this.faults).toEqual([])
  }

  async close() {
    await this.context.close()
  }
}

/** One step of a story: its name is in the failure, and so is a picture of each page. */
export async function step<T>(name: string, visitors: Visitor[], act: () => Promise<T>): Promise<T> {
  try {
    const result = await act()
    visitors.forEach((visitor) => visitor.check())
    return result
  } catch (error) {
    const pictures: string[] = []
    const folder = path.join(tmpdir(), 'jingzhong-stories')
    mkdirSync(folder, { recursive: true })
    for (const [n, visitor] of visitors.entries()) {
      const file = path.join(folder, `${name.replace(/[^\w]+/g, '-')}-${n + 1}.png`)
      await visitor.page.screenshot({ path: file, timeout: 10_000 }).then(() => pictures.push(file), () => undefined)
    }
    const cause = error as Error
    cause.message = `at "${name}"${pictures.length ? ` (see ${pictures.join(', ')})` : ''}: ${cause.message}`
    throw cause
  }
}
