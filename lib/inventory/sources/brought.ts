import { HostwrightError, InputErrors, type Place } from '../../error.ts'
import { type InventoryModel, inputError } from '../model.ts'
import { isMapping, type RawMapping } from '../values/value.ts'
import { type InventoryData, rawFromData } from './inventory-data.ts'
import { readYamlInventory } from './yaml.ts'

export type { GroupData, InventoryData } from './inventory-data.ts'

/**
 * A source of hosts that a program or a package brings, such as the API of a cloud.
 *
 * @example
 * const cloud: InventorySource = {
 *   name: 'cloud',
 *   load: async ({ signal }) => {
 *     const servers = await listServers({ signal })
 *     return { web: { hosts: Object.fromEntries(servers.map(({ name, ip }) => [name, { ansible_host: ip }])) } }
 *   },
 * }
 */
export interface InventorySource {
  /** What messages call it. Handlers that a run still owes are kept by this name as well, so do not change it from run to run. */
  readonly name: string
  /** Asks once for each inventory. The signal aborts after five minutes, when the source counts as failed. */
  readonly load: (options: { readonly signal: AbortSignal }) => InventoryData | Promise<InventoryData>
}

/** What an inventory is made from: a file, folder, script or list of hosts as `-i` takes it, data, or a source of a program's own. */
export type InventoryInput = string | InventoryData | InventorySource

const patience = 300_000

/** What messages call it. */
export function nameOf(input: InventoryInput): string {
  return typeof input === 'string' ? input : isSource(input) ? input.name : 'data'
}

/** Reads data, or what a source gives, into the model. */
export async function readBrought(
  input: InventoryData | InventorySource,
  model: InventoryModel,
  warn: (message: string, place?: Place) => void,
): Promise<void> {
  const place: Place = { file: isSource(input) ? input.name : 'inventory data' }
  model.withoutFile.add(place.file)
  const given: unknown = isSource(input) ? await loaded(input, place) : input
  const data = rawFromData(given, place)
  if (!isMapping(data)) throw inputError('this is no mapping of groups', place, hint)
  const keyPlace = (_mapping: RawMapping, _key: string): Place => place
  readYamlInventory({ data, keyPlace }, model, { ...place, warn, hint })
}

function isSource(input: InventoryData | InventorySource): input is InventorySource {
  return typeof input.load === 'function'
}

async function loaded(source: InventorySource, place: Place): Promise<unknown> {
  const { name } = source
  const signal = AbortSignal.timeout(patience)
  const late = new Promise<never>((_, reject) =>
    signal.addEventListener('abort', () =>
      reject(inputError(`the inventory source ${name} gave nothing within ${patience / 1000} seconds`, place)),
    ),
  )
  try {
    return await Promise.race([Promise.resolve().then(() => source.load({ signal })), late])
  } catch (cause) {
    if (cause instanceof InputErrors) throw cause
    if (cause instanceof HostwrightError) throw cause.at({ place })
    throw new HostwrightError(
      `the inventory source ${name} failed: ${cause instanceof Error ? cause.message : String(cause)}`,
      { kind: 'input', place, cause },
    )
  }
}

const hint = 'an inventory is written as { web: { hosts: { web1: {} }, vars: {}, children: {} } }'
