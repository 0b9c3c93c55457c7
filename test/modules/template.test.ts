// needs: busybox
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Secret } from '../../lib/secret.ts'
import { template } from '../../modules/template.ts'
import { kinds } from '../lib/host/files/hosts-here.ts'
import { onHost, proveIn } from './on-host.ts'
import { prove, refusal, taskIn } from '../../lib/testing/index.ts'

for (const kind of kinds)
  for (const { name, params } of template.definition.examples)
    test(`${kind}: ${name}`, () =>
      onHost(kind, async (host, folder) => {
        writeFileSync(join(folder, 'motd.ejs'), '<%= greeting %>, this is <%= inventory_hostname %>\n')
        await proveIn(host, folder, template, params, taskIn(folder, { inventory_hostname: 'db1' }))
        assert.is(readFileSync(join(folder, 'motd'), 'utf8'), 'Hello, this is db1\n')
      }))

test('variables of the host, secrets, lines of the wanted kind, a folder as destination', () =>
  onHost('gnu', async (host, folder) => {
    writeFileSync(join(folder, 'app.conf.ejs'), 'p=<%= password %>\r\nq=<%= quoted %>\r\n')
    const task = taskIn(folder, { password: new Secret(`it's "secret"`), quoted: '<&>' })
    const done = await prove(host, template({ src: 'app.conf.ejs', dest: folder }), task)
    assert.is(done.result.dest, join(folder, 'app.conf'))
    assert.is(readFileSync(join(folder, 'app.conf'), 'utf8'), `p=it's "secret"\nq=<&>\n`)
    await prove(host, template({ src: 'app.conf.ejs', dest: folder, newline_sequence: '\r\n' }), task)
    assert.ok(readFileSync(join(folder, 'app.conf'), 'utf8').endsWith('q=<&>\r\n'))
  }))

test('what is wrong with a template is found before anything is written', () =>
  onHost('gnu', async (host, folder) => {
    writeFileSync(join(folder, 'bad.ejs'), 'a\n<%= portt %>\n')
    const message = await refusal(
      host,
      template({ src: 'bad.ejs', dest: join(folder, 'x') }),
      taskIn(folder, { port: 1 }),
    )
    assert.match(message, '"portt" is not defined — did you mean "port"?')
  }))

test.run()
