import { Worker } from 'node:worker_threads'

/** The hash functions that a copy needs. */
export type HashName = 'sha1' | 'sha256'

interface Question {
  readonly id: number
  readonly path: string
  readonly algorithm: HashName
}

type Answer = { readonly id: number } & ({ readonly hash: string } | { readonly error: Error })

/** As text, because a thread loads neither TypeScript nor what is bundled. It answers in turn, with one piece of one file in memory. */
const program = `
const { parentPort } = require('node:worker_threads')
const { createHash } = require('node:crypto')
const { closeSync, openSync, readSync } = require('node:fs')
const piece = Buffer.allocUnsafe(1 << 20)
function hashOf(path, algorithm) {
  const hash = createHash(algorithm)
  const file = openSync(path)
  try {
    for (let length; (length = readSync(file, piece)) > 0;) hash.update(piece.subarray(0, length))
  } finally {
    closeSync(file)
  }
  return hash.digest('hex')
}
parentPort.on('message', ({ id, path, algorithm }) => {
  try {
    parentPort.postMessage({ id, hash: hashOf(path, algorithm) })
  } catch (error) {
    parentPort.postMessage({ id, error })
  }
})`

const waiting = new Map<number, { resolve(hash: string): void; reject(error: Error): void }>()
let thread: Worker | undefined
let lastId = 0

/** The hash of a long file, computed in a thread of its own, so that whatever goes to hosts meanwhile is not held up. */
export function hashInThread(path: string, algorithm: HashName): Promise<string> {
  thread ??= start()
  thread.ref()
  const question: Question = { id: ++lastId, path, algorithm }
  thread.postMessage(question)
  return new Promise((resolve, reject) => waiting.set(question.id, { resolve, reject }))
}

/** It lives as long as the run, and does not keep it from ending. */
function start(): Worker {
  const worker = new Worker(program, { eval: true, execArgv: [], env: {} })
  worker.on('message', (answer: Answer) => {
    const asker = waiting.get(answer.id)
    waiting.delete(answer.id)
    if (waiting.size === 0) worker.unref()
    if ('hash' in answer) asker?.resolve(answer.hash)
    else asker?.reject(answer.error)
  })
  const lost = (error: Error) => {
    if (thread === worker) thread = undefined
    for (const asker of waiting.values()) asker.reject(error)
    waiting.clear()
  }
  worker.on('error', lost)
  worker.on('exit', () => lost(new Error('the thread that hashes files has ended')))
  return worker
}
