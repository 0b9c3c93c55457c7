/** README and changelog are read in the package and on npm's page too, where the rest of the checkout is not. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'

const root = fileURLToPath(new URL('../..', import.meta.url))
const { files } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly files: readonly string[] }
/** A file of this project, on the site that has its newest version. */
const own =
  /^https:\/\/(?:github\.com\/hostwright\/hostwright\/(?:blob|tree)|raw\.githubusercontent\.com\/hostwright\/hostwright)\/HEAD\/([^#]+)/

/** What is wrong with the links of a document. */
function wrongLinks(document: string): readonly string[] {
  const text = readFileSync(join(root, document), 'utf8')
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link = '']) => {
    const path = own.exec(link)?.[1]
    if (path !== undefined) return existsSync(join(root, path)) ? [] : [`${document}: ${link} is not in the checkout`]
    if (/^(https?:|#)/.test(link)) return []
    return files.includes(link.split('/')[0] ?? '') ? [] : [`${document}: ${link} is not in the package`]
  })
}

test('links lead to files of the package, or to the site that has the others', () => {
  assert.equal(['README.md', 'CHANGELOG.md'].flatMap(wrongLinks), [])
})

test('README has a link to each kind of document', () => {
  const text = readFileSync(join(root, 'README.md'), 'utf8')
  for (const name of ['docs/templates.md', 'CONTRIBUTING.md', 'bench/results/full-mixed.svg']) assert.match(text, name)
})

test.run()
