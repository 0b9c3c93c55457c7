import { defined } from '../../defined.ts'
import { HostwrightError } from '../../error.ts'
import type { Host, HostReader } from '../../host/host.ts'
import type { ServiceState } from '../../host/services/services.ts'
import { Unreadable } from '../../host/unreadable.ts'
import { change, unchanged, type Attributes, type Plan } from '../../play/module.ts'
import { didYouMean, Type } from '../../schema/index.ts'

/** A unit by its name: systemctl would take `*`, `?` and `[` for a pattern, which matches any number of units. @see systemd.unit(5) */
export const unitParam = Type.String({
  pattern: '^[A-Za-z0-9:_.\\\\@-]+$',
  maxLength: 255,
  description: 'The unit; `.service` may be left out.',
})

/** How a unit is to be; what is left out stays as it is. */
export interface WantedService {
  /** The unit. */
  readonly name?: string
  /** Running, stopped, or to be restarted or reloaded. */
  readonly state?: 'started' | 'stopped' | 'restarted' | 'reloaded'
  /** Whether it starts with the machine. */
  readonly enabled?: boolean
  /** Whether nothing can start it. */
  readonly masked?: boolean
  /** Whether systemd reads its unit files first. */
  readonly daemon_reload: boolean
  /** Whether to go on before systemd is done. */
  readonly no_block?: boolean
}

/** The result of `service` and `systemd`. */
export interface ServiceResult {
  /** The unit. */
  readonly name?: string
  /** Its state after the task. */
  readonly state?: string
  /** Whether it starts with the machine. */
  readonly enabled?: boolean
  /** What `systemctl show` said before. */
  readonly status: Readonly<Record<string, string>>
}

/** One thing to be done to a service, and how it shows. */
interface Step {
  readonly attribute: string
  readonly before: unknown
  readonly after: unknown
  readonly apply: (host: Host) => Promise<void>
}

/** Service and systemd plan alike: read systemd again, then (un)mask, enable or disable, start or stop. */
export async function planService(wanted: WantedService, host: HostReader): Promise<Plan<ServiceResult>> {
  const { name } = wanted
  const [stale, is] = await Promise.all([
    wanted.daemon_reload && host.services.managerNeedsReload(),
    name === undefined ? undefined : host.services.state(name),
  ])
  const reload: readonly Step[] = stale
    ? [
        {
          attribute: 'unit files',
          before: 'changed since read',
          after: 'read',
          apply: (h) => h.services.daemonReload(),
        },
      ]
    : []
  if (is === undefined || name === undefined) return planOf('systemd', reload, { status: {} })
  if (!is.known) throw await unknownUnit(name, host)
  refuse(wanted, is)
  const steps = [...reload, ...fileSteps(name, wanted, is), ...jobSteps(name, wanted, is)]
  const result = {
    name,
    ...(wanted.state === undefined ? {} : { state: wanted.state === 'stopped' ? 'stopped' : 'started' }),
    ...defined({ enabled: wanted.enabled }),
    status: is.properties,
  }
  return planOf(`service ${name}`, steps, result)
}

function planOf(of: string, steps: readonly Step[], result: ServiceResult): Plan<ServiceResult> {
  if (steps.length === 0) return unchanged(result)
  const side = (pick: (step: Step) => unknown): Attributes =>
    Object.fromEntries(steps.map((step) => [step.attribute, pick(step)]))
  return change({
    diff: [{ of, before: side((step) => step.before), after: side((step) => step.after) }],
    result,
    apply: async (host) => {
      for (const step of steps) await step.apply(host)
    },
  })
}

function fileSteps(name: string, { masked, enabled }: WantedService, is: ServiceState): readonly Step[] {
  const steps: Step[] = []
  if (masked !== undefined && masked !== is.masked)
    steps.push({
      attribute: 'masked',
      before: is.masked,
      after: masked,
      apply: ({ services }) => (masked ? services.mask(name) : services.unmask(name)),
    })
  // A mask takes the links of an enabled unit away, so that enabling is judged anew once it is gone.
  const now = masked === false && is.masked ? { ...is, enabled: false, enableable: true } : is
  if (enabled !== undefined && enabled !== now.enabled && now.enableable)
    steps.push({
      attribute: 'enabled',
      before: now.enabled,
      after: enabled,
      apply: ({ services }) => (enabled ? services.enable(name) : services.disable(name)),
    })
  return steps
}

function jobSteps(name: string, { state, no_block }: WantedService, is: ServiceState): readonly Step[] {
  const step = (after: string, apply: Step['apply']): readonly Step[] => [
    { attribute: 'state', before: is.activeState, after, apply },
  ]
  const how = { noBlock: no_block }
  const start = step('active', ({ services }) => services.start(name, how))
  if (state === undefined) return []
  switch (state) {
    case 'started':
      return is.active ? [] : start
    case 'stopped':
      return is.active || !['inactive', 'failed'].includes(is.activeState)
        ? step('inactive', ({ services }) => services.stop(name, how))
        : []
    case 'restarted':
      return step('restarted', ({ services }) => services.restart(name, how))
    case 'reloaded':
      return is.active ? step('reloaded', ({ services }) => services.reload(name, how)) : start
  }
}

/** Refuses now what systemctl would refuse later, so that check mode reports it. */
function refuse({ name, state, enabled, masked }: WantedService, is: ServiceState): void {
  const starts = state !== undefined && state !== 'stopped'
  if (is.masked && masked !== false && ((starts && !is.active) || enabled === true))
    throw new HostwrightError(`${name ?? ''} is masked: it can neither be started nor enabled`, {
      next: 'unmask it first: systemd({ name, masked: false })',
    })
  if (state === 'reloaded' && is.active && is.properties['CanReload'] === 'no')
    throw new HostwrightError(`${name ?? ''} cannot be reloaded: its unit has no ExecReload`, {
      next: "use state: 'restarted'",
    })
}

async function unknownUnit(name: string, host: HostReader): Promise<HostwrightError> {
  const units = await host.services.units()
  const near = didYouMean(
    name,
    units.map((unit) => (name.includes('.') ? unit : unit.replace(/\.service$/, ''))),
  )
  return new Unreadable(`the host has no unit "${name}"${near}`, 'service', {
    next: 'check the name, or install the package that brings it first',
  })
}
