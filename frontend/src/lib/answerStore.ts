/**
 * Where an attempt's answers live on the device: IndexedDB, because it survives reload, crash and sign-out.
 * Where a browser refuses it (private windows of old WebViews) the memory store keeps the page working,
 * and `durable` tells the page to say so.
 */
import { openDB, type IDBPDatabase } from 'idb'

/** An answer as it stands on this device. `ackedSeq` is the highest seq the server has a receipt for. */
export interface LocalAnswer {
  slot: number
  seq: number
  choice?: number[]
  text?: string[]
  ackedSeq: number
  receipt?: string
  savedAt?: string
}

/** An answer of this device that met a newer one from elsewhere; the person decides. */
export interface Conflict {
  slot: number
  choice?: number[]
  text?: string[]
}

export interface AttemptBox {
  attemptId: number
  contestId: number
  personId: number
  lease: string
  /** The last seq given out; strictly increasing for the attempt, also across reloads. */
  seq: number
  answers: LocalAnswer[]
  marks: number[]
  conflicts: Conflict[]
  /** The paper as received, so that signing in again on this device can go on at once. */
  paper?: unknown
  touchedAt: number
}

export interface AnswerStore {
  readonly durable: boolean
  load(attemptId: number): Promise<AttemptBox | null>
  save(box: AttemptBox): Promise<void>
  remove(attemptId: number): Promise<void>
}

export class MemoryStore implements AnswerStore {
  readonly durable = false
  private readonly boxes = new Map<number, string>()

  async load(attemptId: number): Promise<AttemptBox | null> {
    const text = this.boxes.get(attemptId)
    return text ? (JSON.parse(text) as AttemptBox) : null
  }

  async save(box: AttemptBox): Promise<void> {
    this.boxes.set(box.attemptId, JSON.stringify(box))
  }

  async remove(attemptId: number): Promise<void> {
    this.boxes.delete(attemptId)
  }
}

const name = 'jingzhong'
const table = 'attempts'
/** Boxes of attempts nobody came back to are dropped after 90 days. */
const keepMs = 90 * 86_400_000

export class IndexedStore implements AnswerStore {
  readonly durable = true

  private constructor(private readonly db: IDBPDatabase) {}

  static async open(now: number = Date.now()): Promise<IndexedStore> {
    const db = await openDB(name, 1, {
      upgrade(base) {
        base.createObjectStore(table, { keyPath: 'attemptId' })
      },
    })
    const store = new IndexedStore(db)
    await store.sweep(now)
    return store
  }

  private async sweep(now: number): Promise<void> {
    for (const box of (await this.db.getAll(table)) as AttemptBox[]) {
      if (now - box.touchedAt > keepMs) await this.db.delete(table, box.attemptId)
    }
  }

  async load(attemptId: number): Promise<AttemptBox | null> {
    return ((await this.db.get(table, attemptId)) as AttemptBox | undefined) ?? null
  }

  async save(box: AttemptBox): Promise<void> {
    // A structured clone of a plain copy: reactive proxies cannot be stored.
    await this.db.put(table, JSON.parse(JSON.stringify(box)))
  }

  async remove(attemptId: number): Promise<void> {
    await this.db.delete(table, attemptId)
  }

  close(): void {
    this.db.close()
  }
}

let opened: Promise<AnswerStore> | null = null

/** The device's store, opened once. */
export function answerStore(): Promise<AnswerStore> {
  opened ??= IndexedStore.open().catch(() => new MemoryStore())
  return opened
}
