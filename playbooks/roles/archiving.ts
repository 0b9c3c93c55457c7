import { quote, role } from '../../lib/index.ts'
import { authorized_key } from '../../modules/authorized_key.ts'
import { command } from '../../modules/command.ts'
import { known_hosts } from '../../modules/known_hosts.ts'
import { pg_conf } from '../../modules/pg_conf.ts'
import { pkg } from '../../modules/pkg.ts'
import { slurp } from '../../modules/slurp.ts'
import { ssh_keypair } from '../../modules/ssh_keypair.ts'
import { barmanName } from './barman.ts'
import { streams, variables, type Here } from '../variables/variables.ts'

const home = '/var/lib/postgresql'
/** One word of archive_command, where a percent sign begins a placeholder. */
const word = (text: string) => quote(text).replaceAll('%', '%%')
const onBackup = {
  delegate_to: ({ soleHost }: Pick<Here, 'soleHost'>) => soleHost('backup').name,
}

/**
 * Whoever leads sends each finished WAL file to barman over ssh. archive_command goes live last, when the way is known to work: until then the server
 * keeps its WAL, and a command that fails would make it wait a minute after each third try.
 */
export const archiving = role({ vars: variables }, (chain) =>
  chain.block(
    'Archive WAL over ssh',
    (block) =>
      block
        .task('Install barman-wal-archive', () => pkg({ name: ['barman-cli', 'openssh-client'] }))
        .task(
          'Key of postgres',
          () =>
            ssh_keypair({
              path: `${home}/.ssh/id_ed25519`,
              owner: 'postgres',
              group: 'postgres',
              comment: 'postgres',
            }),
          { register: 'key' },
        )
        .task(
          'Barman lets it in',
          ({ results }) => authorized_key({ user: 'barman', key: results.key.public_key ?? '' }),
          onBackup,
        )
        .task("The backup host's own key", () => slurp({ src: '/etc/ssh/ssh_host_ed25519_key.pub' }), {
          ...onBackup,
          register: 'hostKey',
        })
        .task('It knows the backup host', ({ results, soleHost }) => {
          const address = soleHost('backup').vars.private_ip
          const key = Buffer.from(results.hostKey.content, 'base64').toString().split(' ').slice(0, 2).join(' ')
          return known_hosts({ name: address, key: `${address} ${key}`, path: `${home}/.ssh/known_hosts` })
        })
        .task(
          'The way is open',
          ({ soleHost }) =>
            command({
              argv: [
                'barman-wal-archive',
                '--test',
                soleHost('backup').vars.private_ip,
                barmanName({ soleHost }),
                'test',
              ],
              changes: false,
            }),
          { become_user: 'postgres' },
        )
        .task('Archive to barman', ({ vars, soleHost }) =>
          pg_conf({
            version: vars.pg_version,
            port: vars.pg_port,
            path: `/etc/postgresql/${vars.pg_version}/main/conf.d/barman.conf`,
            settings: {
              archive_command: `barman-wal-archive ${word(soleHost('backup').vars.private_ip)} ${word(barmanName({ soleHost }))} %p`,
            },
          }),
        ),
    { when: ({ vars }) => !streams(vars) },
  ),
)
