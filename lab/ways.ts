import { defaultSystem, type SystemName } from './systems.ts'

/** What `npm run up` plays on a system's hosts, and what it then has to offer. */
export type Way = {
  readonly steps: readonly { readonly title: string; readonly playbook: string; readonly args?: readonly string[] }[]
  /** Commands to try next, each with what it does. */
  readonly next: readonly (readonly [command: string, what: string])[]
}

const labOf = (system: SystemName) =>
  system === defaultSystem ? 'npm run lab --' : `npm run lab -- --system ${system}`

export const ways: Readonly<Partial<Record<SystemName, Way>>> = {
  replication: {
    steps: [
      { title: 'replication and backups', playbook: 'playbooks/site.ts' },
      { title: "the systems' own checks", playbook: 'playbooks/verify.ts' },
    ],
    next: [
      ['npx tsx playbooks/site.ts', 'run again: nothing changes'],
      ['npm run lab -- ssh pg1 sudo -u postgres psql', 'look around'],
      ['npm run lab -- kill pg1; npm run lab -- start pg1', 'a power cut'],
      ['npx tsx playbooks/site.ts --check --diff', 'what would be mended, and how'],
      ['npm run lab -- down', 'take it all away'],
    ],
  },
  sync: {
    steps: [
      { title: 'synchronous replication', playbook: 'playbooks/sync.ts' },
      { title: "the system's own checks", playbook: 'playbooks/verify-sync.ts' },
      { title: 'the roles swapped', playbook: 'playbooks/switchover.ts', args: ['-e', 'promote=pg2'] },
      { title: 'the same checks', playbook: 'playbooks/verify-sync.ts' },
      { title: 'and back', playbook: 'playbooks/switchover.ts', args: ['-e', 'promote=pg1'] },
    ],
    next: [
      ['npx tsx playbooks/sync.ts -i inventory/lab-sync.ini', 'run again: nothing changes'],
      ['npx tsx playbooks/switchover.ts -i inventory/lab-sync.ini -e promote=pg2', 'another master'],
      [`${labOf('sync')} ssh pg1 sudo -u postgres psql`, 'look around'],
      [`${labOf('sync')} down`, 'take it all away'],
    ],
  },
  logical: {
    steps: [
      { title: 'logical replication', playbook: 'playbooks/logical.ts' },
      { title: "the system's own checks", playbook: 'playbooks/verify-logical.ts' },
    ],
    next: [
      ['npx tsx playbooks/logical.ts -i inventory/lab-logical.ini', 'run again: nothing changes'],
      ['cat .hostwright/logical.mmd', 'who publishes what to whom, for Mermaid'],
      [`${labOf('logical')} ssh vm3 sudo -u postgres psql repl`, 'look around'],
      [`${labOf('logical')} down`, 'take it all away'],
    ],
  },
  patroni: {
    steps: [
      { title: 'a cluster that chooses its leader itself', playbook: 'playbooks/patroni.ts' },
      { title: "the system's own checks", playbook: 'playbooks/verify-patroni.ts' },
    ],
    next: [
      ['npx tsx playbooks/patroni.ts -i inventory/lab-patroni.ini', 'run again: nothing changes'],
      [`${labOf('patroni')} ssh pg01 sudo patronictl -c /etc/patroni/config.yml list`, 'who leads'],
      [`${labOf('patroni')} kill pg01; ${labOf('patroni')} start pg01`, 'a power cut: another one leads'],
      ['npx tsx playbooks/patroni-switchover.ts -i inventory/lab-patroni.ini', 'hand the lead over'],
      [`${labOf('patroni')} down`, 'take it all away'],
    ],
  },
}
