import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { LabError } from '../command.ts'
import { releases, type Release } from './release.ts'

export type Source = { readonly uri: string; readonly suite: string; readonly components: string }

const codenames = Object.values(releases).map(({ codename }) => codename)
const debianSuite = new RegExp(`^(${codenames.join('|')})(-updates|-security)?$`)

/** Sources in the one-line style of sources.list(5). */
export function parseList(text: string): readonly Source[] {
  return text.split('\n').flatMap((line) => {
    const found = /^\s*deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)\s+([^#]+)/.exec(line)
    const [, uri, suite, components] = found ?? []
    return uri && suite && components ? [{ uri, suite, components: components.trim() }] : []
  })
}

/** Sources in the deb822 style. */
export function parseStanzas(text: string): readonly Source[] {
  return text.split(/\n\s*\n/).flatMap((stanza) => {
    const field = (name: string) => new RegExp(`^${name}:[ \\t]*(.*)$`, 'im').exec(stanza)?.[1]?.trim() ?? ''
    if (!/\bdeb\b/.test(field('Types')) || /^(no|false)$/i.test(field('Enabled'))) return []
    const words = (name: string) => field(name).split(/\s+/).filter(Boolean)
    const components = field('Components')
    return words('URIs').flatMap((uri) => words('Suites').map((suite) => ({ uri, suite, components })))
  })
}

/** The same mirrors hold every release, so only the suite's name is changed. */
export const forRelease = (sources: readonly Source[], release: Release): readonly string[] => {
  const { codename } = releases[release]
  const lines = sources
    .filter(({ suite }) => debianSuite.test(suite))
    .map(({ uri, suite, components }) => `deb ${uri} ${suite.replace(/^[a-z]+/, codename)} ${components}`)
  return [...new Set(lines)]
}

/** Lines of sources.list for a release, made from the machine's own sources. */
export function machineSources(release: Release, folder = '/etc/apt'): readonly string[] {
  const parts = join(folder, 'sources.list.d')
  const files = [
    join(folder, 'sources.list'),
    ...(existsSync(parts) ? readdirSync(parts).map((f) => join(parts, f)) : []),
  ]
  const sources = files.filter(existsSync).flatMap((file) => {
    if (file.endsWith('.sources')) return parseStanzas(readFileSync(file, 'utf8'))
    return file.endsWith('.list') ? parseList(readFileSync(file, 'utf8')) : []
  })
  const lines = forRelease(sources, release)
  if (lines.length > 0) return lines
  throw new LabError(
    `This machine's apt sources name no mirror of ${codenames.join(' or ')}.`,
    `The lab builds on Debian ${Object.keys(releases).join(' or ')}: add a Debian mirror under ${folder}.`,
  )
}
