import { existsSync } from 'node:fs'

const isCheckout = existsSync(new URL('../lib/index.ts', import.meta.url))

/**
 * Loads one of our own files: from the sources in a checkout, from dist in the package. The playbooks of a checkout import its
 * sources, and must not meet a second copy of them in dist.
 */
export async function load(path) {
  if (isCheckout) await readTypeScript()
  return import(new URL(isCheckout ? `../${path}.ts` : `../dist/${path}.js`, import.meta.url).href)
}

/**
 * Makes `import` read playbooks in TypeScript. In the package, what is JavaScript anyway is loaded before: the loader for TypeScript
 * looks at every file, and the hundreds of the libraries would take half a second.
 */
export async function preparePlaybooks() {
  if (!isCheckout) await Promise.all([load('lib/index'), load('lib/engine/index')])
  await readTypeScript()
}

let unregister

async function readTypeScript() {
  if (unregister === undefined) unregister = (await import('tsx/esm/api')).register()
}
