/** The provisioners by themselves: failures, Vagrantfiles of others, providers that are only validated. */
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { run } from '../support/run.ts'
import { recaps } from './recaps.ts'
import { freshClone, openWorld, type World } from './world.ts'

const test = suite('vagrant provisioners')
let world: World
let clone: string

test.before(async () => {
  world = await openWorld('provisioner')
  clone = await freshClone(world.folder)
  // Out here: no way leads out of the world.
  const installed = await run(clone, 'npm', ['ci', '--prefer-offline', '--no-audit', '--no-fund'])
  assert.is(installed.status, 0, installed.text)
})
test.after(() => (world as World | undefined)?.close())

/** A project of somebody else's, beside the clone. */
function project(name: string, files: Readonly<Record<string, string>>): string {
  const folder = join(world.folder, name)
  mkdirSync(folder)
  for (const [file, text] of Object.entries({ 'package.json': '{"type":"module"}', ...files }))
    writeFileSync(join(folder, file), text)
  return folder
}

/** Machines db1, db2 …, at the addresses after this one. */
const machines = (count: number, after: number) => `
  config.vm.box = "debian/bookworm64"
  config.vm.synced_folder ".", "/vagrant", disabled: true
  (1..${count}).each do |i|
    config.vm.define "db#{i}" do |machine|
      machine.vm.hostname = "db#{i}"
      machine.vm.provider :lxc do |lxc|
        lxc.customize "net.0.ipv4.address", ""
        lxc.customize "net.0.ipv4.address", "192.168.56.#{${after} + i}/24"
        lxc.ssh_ip_addr = "192.168.56.#{${after} + i}"
      end
    end
  end
`
const playbookOf = (body: string) => `
import { main, play, playbook, schema, Type } from '${clone}/lib/index.ts'
import { command, copy, debug } from '${clone}/modules/index.ts'
${body}
`

test('a playbook that fails makes `vagrant up` fail, and `vagrant provision` tries again', async () => {
  const body = (argv: string) => `
const one = playbook('one', [play('One', { hosts: 'all' }).task('It works', () => command({ argv: ['${argv}'] }))])
export default one
await main(import.meta, one)`
  const folder = project('failing', {
    Vagrantfile: `require_relative "../clone/vagrant/hostwright"
Vagrant.configure("2") do |config|${machines(1, 20)}
  config.vm.provision :hostwright do |h|
    h.playbook = "one.ts"
    h.playbook_command = "${clone}/bin/hostwright-playbook.js"
  end
end`,
    'one.ts': playbookOf(body('false')),
  })
  const up = await world.vagrant(folder, ['up'])
  assert.is(up.status, 1, up.text)
  assert.match(up.text, /one\.ts ended with status 2; what went wrong stands above/)
  assert.match(up.text, /try again with `vagrant provision`/)
  writeFileSync(join(folder, 'one.ts'), playbookOf(body('true')))
  const again = await world.vagrant(folder, ['provision'])
  assert.is(again.status, 0, again.text)
  assert.is(recaps(again.text)[0]?.['db1']?.failed, 0)
  const known = readFileSync(join(folder, '.vagrant/machines/db1/lxc/hostwright_known_hosts'), 'utf8')
  assert.match(known, /^(\|1\|\S+|192\.168\.56\.21) ssh-/m, 'the host key is kept with the machine')
  const gone = await world.vagrant(folder, ['destroy', '-f'])
  assert.is(gone.status, 0, gone.text)
})

test("somebody else's Vagrantfile with Vagrant's own ansible provisioner works unchanged", async () => {
  const folder = project('others', {
    Vagrantfile: `ENV["VAGRANT_NO_PARALLEL"] = "1"
Vagrant.configure("2") do |config|${machines(3, 30)}
  config.vm.define "db3" do |machine|
    machine.vm.provision :ansible do |ansible|
      ansible.compatibility_mode = "2.0"
      ansible.playbook_command = "${clone}/bin/hostwright-playbook.js"
      ansible.playbook = "site.ts"
      ansible.become = true
      ansible.limit = "all:!spare"
      ansible.groups = { "primary" => ["db1"], "replica" => ["db[2:3]"], "spare" => ["db3"], "all_groups:children" => ["primary", "replica"],
                         "primary:vars" => { "role" => "the first" } }
      ansible.host_vars = { "db1" => { "colour" => "blue" }, "db2" => { "colour" => "green" } }
      ansible.extra_vars = { greeting: "hello world", list: [1, 2] }
      ansible.tags = ["wanted"]
      ansible.verbose = "vv"
      ansible.raw_arguments = ["--diff"]
    end
  end
end`,
    'site.ts': playbookOf(`
const vars = schema({ colour: Type.String(), greeting: Type.String(), list: Type.Array(Type.Integer()) })
const one = playbook('one', [play('One', { hosts: 'all_groups', vars })
  .task('Wanted', ({ vars, host }) => copy({ dest: '/root/greeting', content: \`\${vars.greeting} \${host} \${vars.colour} \${vars.list.length}\\n\` }), { tags: 'wanted' })
  .task('Not wanted', () => copy({ dest: '/root/other', content: 'x' }))])
export default one
await main(import.meta, one)`),
  })
  const up = await world.vagrant(folder, ['up'])
  assert.is(up.status, 0, up.text)
  const [recap, ...more] = recaps(up.text)
  assert.equal(more, [])
  assert.equal(recap, { db1: { changed: 1, failed: 0 }, db2: { changed: 1, failed: 0 } }, up.text)
  assert.match(up.text, /\+hello world db1 blue 2/)
  const read = await world.vagrant(folder, ['ssh', 'db2', '-c', 'sudo cat /root/greeting; sudo ls /root'])
  assert.is(read.stdout.replaceAll('\r', '').trim(), 'hello world db2 green 2\ngreeting')
  const gone = await world.vagrant(folder, ['destroy', '-f'])
  assert.is(gone.status, 0, gone.text)
})

for (const provider of ['virtualbox', 'libvirt', 'lxc'])
  for (const system of ['replication', 'sync', 'logical', 'patroni'])
    test(`the Vagrantfile of ${system} is valid for ${provider}`, async () => {
      const env = { SYSTEM: system, VAGRANT_DEFAULT_PROVIDER: provider }
      const { status, text } = await world.vagrant(clone, ['validate', '--ignore-provider'], env)
      assert.is(status, 0, text)
      assert.match(text, /validated successfully/)
    })

test('the gem holds the provisioner', async () => {
  const folder = join(clone, 'vagrant')
  const built = await run(folder, 'gem', [
    'build',

    '--output',
    join(world.folder, 'plugin.gem'),
    'vagrant-hostwright.gemspec',
  ])
  assert.is(built.status, 0, built.text)
  const listed = await run(world.folder, 'sh', ['-c', 'tar -xOf plugin.gem data.tar.gz | tar -tz'])
  const names = listed.stdout.trim().split('\n').sort()
  assert.equal(names, [
    ...['hostwright.rb', 'hostwright/config.rb', 'hostwright/errors.rb', 'hostwright/gathering.rb'],
    ...['hostwright/inventory.rb', 'hostwright/provisioner.rb', 'vagrant-hostwright.rb'],
  ])
})

test('passwords are made once, and nobody else may read them', () => {
  const file = join(clone, '.vagrant/hostwright/passwords.json')
  assert.is(statSync(file).mode & 0o777, 0o600)
  const passwords = JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, string>>
  assert.is(new Set(Object.values(passwords)).size, Object.keys(passwords).length)
})

test('what is wrong in a Vagrantfile is said before a machine is made', async () => {
  const folder = project('wrong', {
    Vagrantfile: `require_relative "../clone/vagrant/hostwright"
Vagrant.configure("2") do |config|${machines(1, 40)}
  config.vm.provision :hostwright do |h|
    h.playbook = "nowhere.ts"
    h.groups = ["db1"]
    h.verbose = "loud"
    h.extra_vars = "x=1"
  end
end`,
  })
  const up = await world.vagrant(folder, ['up'])
  assert.is(up.status, 1)
  for (const said of [
    /there is no playbook .*nowhere\.ts/,
    /`groups` is a Hash/,
    /`verbose` is true/,
    /`extra_vars` is a Hash/,
  ])
    assert.match(up.text, said)
  assert.is((await world.inside(folder, ['lxc-ls'])).stdout.trim(), '')
})

test.run()
