/** Documents name files of the project: a file that moved leaves its old name behind. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'

const root = fileURLToPath(new URL('../..', import.meta.url))
const documents = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
]
/** A path in backticks. Paths of hosts begin with a slash, and patterns hold a star or a placeholder in capitals. */
const path =
  /`((?:ansible|bench|bin|docs|examples|inventory|lab|lib|modules|playbooks|templates|test|vagrant)\/[a-z0-9_./-]+)`/g
/** Files that a user, a build or the lab makes. */
const made = /^inventory\/(lab[a-z-]*\.ini|group_vars\/.*)$|^test\/modules\/motd\.test\.ts$|^modules\/motd\.ts$/

/** Which paths a document names that are not there. */
const missingIn = (document: string): readonly string[] =>
  [...readFileSync(join(root, document), 'utf8').matchAll(path)].flatMap(([, name = '']) =>
    made.test(name) || existsSync(join(root, name)) ? [] : [`${document}: ${name}`],
  )

test('every file that a document names exists', () => {
  assert.ok(documents.length > 90)
  assert.equal(documents.flatMap(missingIn), [])
})

test.run()
