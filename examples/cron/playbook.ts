/** A script that removes old files, and the job that runs it every night. */
import { main, play, playbook, schema, Type, withDefault } from 'hostwright'
import { copy, cron, pkg } from 'hostwright/modules'

const vars = schema({
  days: withDefault(Type.Integer({ minimum: 1, description: 'How many days a file stays.' }), 30),
})

const tidy = play('Tidy up', { hosts: 'app', become: true, vars })
  .task('Install cron', () => pkg({ name: 'cron' }))
  .task('The script', ({ vars }) =>
    copy({
      content: `#!/bin/sh\nexec find /var/tmp/app -type f -mtime +${vars.days} -delete\n`,
      dest: '/usr/local/bin/tidy-app',
      mode: '0755',
    }),
  )
  .task('Every night', () =>
    cron({ name: 'tidy app', hour: '3', minute: '17', user: 'root', job: '/usr/local/bin/tidy-app' }),
  )

const nightly = playbook('cron', [tidy])
export default nightly
await main(import.meta, nightly)
