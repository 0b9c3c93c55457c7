import { HostwrightError } from '../../error.ts'
import type { Script } from '../../quote.ts'
import type { HostShell } from '../host-shell.ts'
import { watchLines } from '../last-line.ts'
import { aptError, unknownPackage } from './complaint.ts'
import type { PackageReader, PackageState, PackageWriter } from './packages.ts'
import { splitSpec } from './query.ts'
import { installVerb, removeVerb, transaction } from './transaction.ts'

/**
 * Debian's packages, changed with apt-get.
 *
 * @see https://manpages.debian.org/apt-get
 */
export function aptPackages(hostShell: HostShell, reader: PackageReader): PackageWriter {
  const transact = async (what: string, script: Script) => {
    const reply = await hostShell.exec(script, { onOutput: watchLines(hostShell.progress) })
    if (reply.status === 0) return
    throw aptError(what, reply.status, reply.stdout.toString() + reply.stderr.toString(), { host: hostShell.name })
  }
  const updateCache = () => transact('refresh the package index', transaction([], { updateCache: true }))

  return {
    ...reader,
    updateCache,
    install: async (specs, options = {}) => {
      if (options.updateCache === true) await updateCache()
      const notOffered = async () => {
        const now = await reader.states(specs, { candidates: true, defaultRelease: options.defaultRelease })
        return specs.flatMap((spec, i) => (isOffered(spec, now[i]) ? [] : [{ spec, state: now[i] }]))
      }
      let missing = await notOffered()
      if (
        missing.length > 0 &&
        options.updateCache !== true &&
        missing.some(({ state }) => state?.providers === undefined)
      ) {
        await updateCache()
        missing = await notOffered()
      }
      if (missing.length > 0) throw await notFound(hostShell, reader, missing)
      await transact(`install ${specs.join(' ')}`, transaction(installVerb(specs, options), options))
    },
    remove: (names, options = {}) =>
      transact(
        `remove ${names.length === 0 ? 'what nothing needs' : names.join(' ')}`,
        transaction(removeVerb(names, options), options),
      ),
  }
}

/** apt reads a name it does not know as a pattern, so nothing unknown may reach it. */
function isOffered(spec: string, state: PackageState | undefined): boolean {
  if (state?.candidate !== undefined) return true
  return state?.version !== undefined && splitSpec(spec).version === undefined
}

async function notFound(
  hostShell: HostShell,
  reader: PackageReader,
  missing: readonly { readonly spec: string; readonly state: PackageState | undefined }[],
): Promise<HostwrightError> {
  const complaints = missing.map(async ({ spec, state }) => {
    const { name, version } = splitSpec(spec)
    if (state?.providers !== undefined)
      return `"${name}" is a virtual package: name one that provides it (${state.providers.join(', ')})`
    if (version !== undefined) return `no version ${version} of "${name}" in the host's sources`
    return unknownPackage(name, await reader.names(name.slice(0, 3)))
  })
  return new HostwrightError((await Promise.all(complaints)).join('\n'), {
    host: hostShell.name,
    next: 'check the name, or add the repository that has it',
  })
}
