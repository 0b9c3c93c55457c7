import { change, choice, defined, defineModule, listOf, optional, Type, unchanged, withDefault } from '../lib/index.ts'
import { nameComplaints, packageDiff, stepsFor } from '../lib/kit/packages/package-plan.ts'

/**
 * Packages of the host's package system, all of a list in one transaction. It waits for the system's lock, repairs what an interrupted run left
 * half-installed, and goes on to its end on the host even if the connection is lost or the run is stopped.
 *
 * A package that is there is left alone whatever the index says, so a converged host costs one question. The index is refreshed only when something is to be
 * installed, when it is older than `cache_valid_time`, or, for `latest`, before versions are compared.
 *
 * Follows Ansible's package and apt: https://docs.ansible.com/ansible/latest/collections/ansible/builtin/apt_module.html
 *
 * @throws when no source has a package (with the nearest name), when one is held, when the disk is full, when the lock is not released in time.
 * @example
 * pkg({ name: ['postgresql-17', 'barman-cli'], install_recommends: false, policy_rc_d: 101 })
 */
export const pkg = defineModule({
  name: 'package',
  summary: 'Installs, upgrades or removes packages.',
  params: {
    name: withDefault(
      listOf(Type.String(), { description: 'Packages: `name`, or `name=version` where `*` may stand for the rest.' }),
      [],
    ),
    state: withDefault(choice(['present', 'absent', 'latest'], { description: '`latest` also upgrades.' }), 'present'),
    update_cache: withDefault(Type.Boolean({ description: 'Refresh the index before.' }), false),
    cache_valid_time: withDefault(
      Type.Integer({ minimum: 0, description: 'Seconds an index stays good; above 0 it implies `update_cache`.' }),
      0,
    ),
    install_recommends: optional(
      Type.Boolean({ description: "Recommended packages too; the host's own setting by default." }),
    ),
    purge: withDefault(Type.Boolean({ description: 'Remove configuration files too.' }), false),
    autoremove: withDefault(
      Type.Boolean({ description: 'Remove what was installed for others and is no longer needed.' }),
      false,
    ),
    policy_rc_d: optional(Type.Integer({ description: '101 keeps packages from starting their services meanwhile.' })),
    default_release: optional(Type.String({ description: 'Prefer versions of this release, as `apt-get -t`.' })),
    allow_downgrade: withDefault(Type.Boolean({ description: 'An older version may replace a newer one.' }), false),
    allow_change_held_packages: withDefault(
      Type.Boolean({ description: 'Change packages that are held, too.' }),
      false,
    ),
    allow_unauthenticated: withDefault(
      Type.Boolean({ description: 'Install packages whose origin cannot be verified.' }),
      false,
    ),
    only_upgrade: withDefault(Type.Boolean({ description: 'Only packages that are installed already.' }), false),
    dpkg_options: withDefault(listOf(Type.String(), { description: "dpkg's options without dashes." }), [
      'force-confdef',
      'force-confold',
    ]),
    lock_timeout: withDefault(Type.Integer({ minimum: 0, description: 'Seconds to wait for another process.' }), 300),
  },
  examples: [
    { name: 'Two packages', params: { name: ['hello', 'tree'] } },
    { name: 'Without what they recommend', params: { name: 'jq', install_recommends: false } },
    { name: 'Gone, with their configuration', params: { name: ['hello', 'tree', 'jq'], state: 'absent', purge: true } },
  ],
  check: ({ name }) => nameComplaints(name),
  plan: async (params, host) => {
    const { name: specs, state, purge, autoremove } = params
    const refreshing = params.update_cache || params.cache_valid_time > 0
    // Everything at once; only for `latest` the age of the index decides what is asked.
    const [updated, needless, states] = await Promise.all([
      refreshing || specs.length === 0 ? host.packages.cacheTime() : undefined,
      autoremove ? host.packages.removable() : [],
      state === 'latest' ? undefined : host.packages.states(specs),
    ])
    const refresh = refreshing && Date.now() / 1000 - (updated ?? 0) > params.cache_valid_time
    const steps = await stepsFor(
      specs,
      {
        wanted: state,
        purge,
        onlyUpgrade: params.only_upgrade,
        defaultRelease: params.default_release,
        refresh,
        allowHeld: params.allow_change_held_packages,
      },
      host,
      states,
    )
    const result = { cache_updated: false, ...defined({ cache_update_time: updated }) }
    const onlyIndex = specs.length === 0 && refresh
    if (steps.length === 0 && needless.length === 0 && !onlyIndex) return unchanged(result)

    const options = {
      policyRcD: params.policy_rc_d,
      recommends: params.install_recommends,
      defaultRelease: params.default_release,
      allowDowngrade: params.allow_downgrade,
      allowHeld: params.allow_change_held_packages,
      allowUnauthenticated: params.allow_unauthenticated,
      dpkgOptions: params.dpkg_options,
      lockTimeout: params.lock_timeout,
      autoremove,
    }
    return change({
      diff: onlyIndex && steps.length === 0 ? [indexDiff(updated ?? 0)] : packageDiff(steps, needless),
      result: { ...result, cache_updated: refresh },
      apply: async ({ packages }) => {
        const changed = steps.map((step) => step.spec)
        if (state !== 'absent' && changed.length > 0)
          await packages.install(changed, { ...options, updateCache: refresh, upgrade: state === 'latest' })
        else if (refresh) await packages.updateCache()
        if (state === 'absent' ? changed.length + needless.length > 0 : changed.length === 0 && needless.length > 0)
          await packages.remove(state === 'absent' ? changed : [], { ...options, purge })
      },
    })
  },
})

function indexDiff(updated: number) {
  const since = updated === 0 ? 'never, or before the sources changed' : new Date(updated * 1000).toISOString()
  return { of: 'package index', before: { refreshed: since }, after: { refreshed: 'now' } }
}
