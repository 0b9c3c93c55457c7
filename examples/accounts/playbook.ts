/** Accounts of the people who look after a host: they log in with their keys and may restart one service with sudo. */
import { main, play, playbook } from 'hostwright'
import { authorized_key, copy, group, user } from 'hostwright/modules'

const people = [
  {
    name: 'ada',
    key: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGbZMVgUSp4ZbBtFYBFRkKPOZPBJEcRJKVFvq8NQnRkd ada@example.org',
  },
  {
    name: 'grace',
    key: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFuC1rvwDQbXmvQ0m8Hq1vD6vW8Ww0oRkz0rO0Qm1n2p grace@example.org',
  },
]

const accounts = play('Accounts', { hosts: 'all', become: true })
  .task('A group for operators', () => group({ name: 'operators', system: true }))
  .task('An account for each', () =>
    people.map(({ name }) => user({ name, groups: ['operators'], append: true, shell: '/bin/bash' })),
  )
  .task('Their keys, and no others', () =>
    people.map(({ name, key }) => authorized_key({ user: name, key, exclusive: true })),
  )
  .task('What operators may do', () =>
    copy({
      content: '%operators ALL=(root) NOPASSWD: /usr/bin/systemctl restart postgresql\n',
      dest: '/etc/sudoers.d/operators',
      mode: '0440',
      // sudo refuses to work with a broken rule, so visudo reads the new file before it replaces the old one.
      validate: '/usr/sbin/visudo -cf %s',
    }),
  )

const operators = playbook('accounts', [accounts])
export default operators
await main(import.meta, operators)
