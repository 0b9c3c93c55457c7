/** A web server with one site. nginx reloads when its configuration changes, and only then. */
import { main, play, playbook, schema, Type, withDefault } from 'hostwright'
import { copy, file, pkg, service, template } from 'hostwright/modules'

const vars = schema({
  site_name: Type.String({ description: 'The name that browsers ask for.' }),
  site_root: withDefault(Type.String({ description: 'The folder of its pages.' }), '/srv/www'),
})

const web = play('Web servers', { hosts: 'web', become: true, vars })
  .handler('reload nginx', () => service({ name: 'nginx', state: 'reloaded' }))
  .task('Install nginx', () => pkg({ name: 'nginx' }))
  .task('A folder for the pages', ({ vars }) => file({ path: vars.site_root, state: 'directory', mode: '0755' }))
  .task('The first page', ({ vars, host }) =>
    copy({ content: `${vars.site_name} on ${host}\n`, dest: `${vars.site_root}/index.html`, mode: '0644' }),
  )
  .task('The site', () => template({ src: 'site.conf.ejs', dest: '/etc/nginx/conf.d/site.conf', mode: '0644' }), {
    notify: 'reload nginx',
  })
  .task('Start nginx, also after a boot', () => service({ name: 'nginx', state: 'started', enabled: true }))

const webServer = playbook('web server', [web])
export default webServer
await main(import.meta, webServer)
