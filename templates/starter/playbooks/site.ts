/**
 * A page on every host of the group `web`. See what it would do, do it, and do it again:
 *
 *   npx tsx playbooks/site.ts --check --diff
 *   npx tsx playbooks/site.ts
 */
import { main, play, playbook, schema, Type, withDefault } from 'hostwright'
import { debug, file, template } from 'hostwright/modules'

const vars = schema({
  folder: withDefault(Type.String({ description: 'where the page lies' }), '/tmp/hostwright-starter'),
  greeting: Type.String({ description: 'what it says; inventory/hosts.ini has it' }),
})

const web = play('Web page', { hosts: 'web', vars })
  .handler('tell', ({ vars, host }) => debug({ msg: `${host} has a new page: ${vars.folder}/index.html` }))
  .task('A folder', ({ vars }) => file({ path: vars.folder, state: 'directory', mode: '0755' }))
  .task(
    'The page',
    ({ vars }) => template({ src: 'index.html.ejs', dest: `${vars.folder}/index.html`, mode: '0644' }),
    { notify: 'tell' },
  )

const site = playbook('site', [web])
export default site
await main(import.meta, site)
