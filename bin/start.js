import { existsSync } from 'node:fs'

/**
 * Loads one of our own files: from the sources in a checkout, from dist in the package. The playbooks of a checkout import its
 * sources, and must not meet a second copy of them in dist.
 */
export async function load(path) {
  const source = new URL(`../${path}.ts`, import.meta.url)
  if (!existsSync(source)) return import(new URL(`../dist/${path}.js`, import.meta.url).href)
  await readTypeScript()
  return import(source.href)
}

let unregister

/** From now on `import` reads TypeScript: our sources, and playbooks. */
export async function readTypeScript() {
  if (unregister === undefined) unregister = (await import('tsx/esm/api')).register()
}
