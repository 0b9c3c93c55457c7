import { HostwrightError, type Place } from '../../error.ts'
import { programOutput } from '../../program-output.ts'
import { rawFromJson } from './json-data.ts'
import { type GroupNode, inputError, type InventoryModel } from '../model.ts'
import { describe, isMapping, type Raw, type RawMapping } from '../values/value.ts'

/** A script that asks a cloud takes its time; one that hangs must not hang us. */
const patience = 300_000
/** Calls of `--host` at a time, for scripts without `_meta`. */
const together = 4

/** Runs the script with these arguments and gives its standard output. */
export type RunScript = (args: readonly string[]) => Promise<string>

export function scriptRunner(path: string): RunScript {
  return async (args) => {
    try {
      return await programOutput(path, args, { maxBuffer: 2 ** 28, timeout: patience })
    } catch (cause) {
      const { stderr, message, code } = cause as Error & { stderr?: string; code?: unknown }
      throw new HostwrightError(`the inventory script failed: ${stderr?.trim() || message}`, {
        kind: 'input',
        place: { file: path },
        next: `run it by hand: ${path} ${args.join(' ')}`,
        data: { code },
        cause,
      })
    }
  }
}

/** Reads what an inventory script prints for `--list`, and for `--host` where it gives no `_meta`, into the model. */
export async function readScript(run: RunScript, file: string, model: InventoryModel): Promise<void> {
  const place: Place = { file }
  const listing = await ask(run, ['--list'], place)
  const hosts = new Set<string>()
  for (const [name, body] of Object.entries(listing))
    if (name !== '_meta') readGroup(model.addGroup(name, place), body, model, place).forEach((host) => hosts.add(host))
  const meta = listing['_meta']
  const known = isMapping(meta ?? null) ? (meta as RawMapping)['hostvars'] : undefined
  if (known !== undefined && !isMapping(known)) throw malformed(`_meta.hostvars is ${describe(known)}`, place)
  const names = [...hosts]
  for (let i = 0; i < names.length; i += together)
    await Promise.all(
      names.slice(i, i + together).map(async (name) => {
        const vars = known === undefined ? await ask(run, ['--host', name], place) : (known[name] ?? {})
        if (!isMapping(vars)) throw malformed(`the variables of ${name} are ${describe(vars)}`, place)
        for (const [key, value] of Object.entries(vars)) model.hosts.get(name)?.vars.set(key, { value, place })
      }),
    )
}

/** A group as the script describes it, and the hosts it names. */
function readGroup(group: GroupNode, body: Raw, model: InventoryModel, place: Place): string[] {
  const { hosts, vars, children } = sections(group.name, body)
  if (!Array.isArray(hosts)) throw malformed(`the hosts of ${group.name} are ${describe(hosts)}, not a list`, place)
  if (!isMapping(vars)) throw malformed(`the vars of ${group.name} are ${describe(vars)}, not a mapping`, place)
  if (!Array.isArray(children))
    throw malformed(`the children of ${group.name} are ${describe(children)}, not a list`, place)
  const names = (hosts as readonly Raw[]).map((name) => text(name, `a host of ${group.name}`, place))
  for (const name of names) model.addHost(name, group, place)
  for (const [key, value] of Object.entries(vars)) model.setGroupVariable(group, key, { value, place })
  for (const child of children as readonly Raw[])
    model.addChild(group, model.addGroup(text(child, `a child of ${group.name}`, place), place), place)
  return names
}

/** A list is the group's hosts; a mapping without the known keys is the variables of a host named like the group. */
function sections(name: string, body: Raw): { hosts: Raw; vars: Raw; children: Raw } {
  if (!isMapping(body)) return { hosts: body, vars: {}, children: [] }
  const { hosts, vars, children } = body
  if (hosts === undefined && vars === undefined && children === undefined)
    return { hosts: [name], vars: body, children: [] }
  return { hosts: hosts ?? [], vars: vars ?? {}, children: children ?? [] }
}

async function ask(run: RunScript, args: readonly string[], place: Place): Promise<RawMapping> {
  const output = await run(args)
  const what = args.join(' ')
  if (output.trim() === '' && args[0] === '--host') return {}
  let parsed: unknown
  try {
    parsed = JSON.parse(output)
  } catch (cause) {
    throw malformed(`for ${what} it prints no JSON${jsonPlace(cause)}`, place)
  }
  const data = rawFromJson(parsed, place)
  if (!isMapping(data)) throw malformed(`for ${what} it prints ${describe(data)} instead of a mapping`, place)
  return data
}

/** Node's message shows the text, which may be a password; the place in it is enough. */
function jsonPlace(cause: unknown): string {
  const at = /at position (\d+)/.exec(cause instanceof Error ? cause.message : '')?.[1]
  return at === undefined ? '' : ` from character ${Number(at) + 1} on`
}

function text(value: Raw, what: string, place: Place): string {
  if (typeof value === 'string' && value !== '') return value
  throw malformed(`${what} is ${describe(value)}, not a name`, place)
}

function malformed(message: string, place: Place): HostwrightError {
  return inputError(`the inventory script is wrong: ${message}`, place, `run it by hand: ${place.file} --list`)
}
