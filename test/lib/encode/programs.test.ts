// needs: haproxy sudo cron openssh-client bind9-utils systemd chrony
/** What the encoders write is read back by the programs themselves: one entry, the value itself, or it was refused. */
import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { isIP } from 'node:net'
import { dirname, join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { encode } from '../../../lib/encode/index.ts'
import { draws, drawnFrom, hostileValues } from '../../support/hostile-values.ts'
import { sameAll, withFile, writtenBy, type Written } from './read-back.ts'

const output = (program: string, args: readonly string[], input = '') =>
  execFileSync(program, args, { input, maxBuffer: 1 << 28, stdio: ['pipe', 'pipe', 'pipe'] }).toString()

test('named.conf: a string is one string, an address one address', () => {
  // What named-checkconf prints of strings is not escaped again, so each stands between marks of its own.
  const strings = writtenBy((value) => encode.named(value))
  const zones = strings.map(({ text }, i) => `zone "z${i}" { type primary; file ${text}; };\n`)
  const addresses = writtenBy(
    (value) => encode.namedAddress(value),
    [...hostileValues(), '10.0.0.0/8', '::1', '10.0.0.1'],
  )
  const plain = addresses.filter(({ value }) => !value.includes('port'))
  const acl = `acl a { ${plain.map(({ text }) => `${text}; `).join('')}};\n`
  const shown = withFile(zones.join('') + acl, (path) => output('/usr/bin/named-checkconf', ['-p', path]))
  const files = [...shown.matchAll(/zone "z(\d+)" \{\n\ttype primary;\n\tfile "([\s\S]*?)";\n\};\n/g)]
  assert.is(files.length, strings.length)
  sameAll(strings, (i) => files[i]?.[2]?.replaceAll('\\"', '"'))
  assert.is(/acl "a" \{([\s\S]*?)\n\};/.exec(shown)?.[1]?.trim().split('\n').length, plain.length)
})

test('a zone: a TXT record holds the text, and data of a record is no second record', () => {
  const head = '$ORIGIN x.\n$TTL 300\n@ IN SOA ns.x. h ( 1 2 3 4 5 )\n@ IN NS ns\nns IN A 10.0.0.1\n'
  const dump = (lines: readonly string[]) =>
    withFile(head + lines.join(''), (path) =>
      output('/usr/bin/named-checkzone', ['-D', '-i', 'none', '-k', 'ignore', '-o', '-', 'x', path]),
    )
  const texts = writtenBy((value) => encode.zoneText(value))
  const shown = dump(texts.map(({ text }, i) => `r${i} IN TXT ${text}\n`))
  const found = new Map(
    [...shown.matchAll(/^r(\d+)\.x\.\s+300 IN TXT\s+(.*)$/gm)].map(([, i, text]) => [Number(i), textOf(text ?? '')]),
  )
  sameAll(texts, (i) => found.get(i))
  const data = writtenBy((value) => encode.zoneData(value)).filter(
    ({ text }) => Buffer.byteLength(text) < 200 && !/\\\d/.test(text),
  )
  const records = dump(data.map(({ text }, i) => `d${i} IN TXT ${text}\n`))
  assert.is([...records.matchAll(/^d\d+\.x\.\s/gm)].length, data.length, drawnFrom)
  assert.is(records.split('\n').length, shown.split('\n').length - texts.length + data.length, 'and nothing more')
})

/** The strings of a TXT record as named prints them, as one text. */
function textOf(strings: string): string {
  const bytes = [...strings.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, text = '']) =>
    text.replace(/\\(\d{3}|.)/g, (_, letter: string) =>
      letter.length === 3 ? String.fromCharCode(Number(letter)) : letter,
    ),
  )
  return Buffer.from(bytes.join(''), 'latin1').toString()
}

test('haproxy.cfg: HAProxy itself answers with each word', () =>
  // A line has some two thousand letters.
  withFileAsync('', async (path) => {
    const words = writtenBy((value) => String(encode.haproxy(value)), hostileValues(Math.min(draws, 2000))).filter(
      ({ text }) => text.length < 1500,
    )
    const socket = join(dirname(path), 'socket')
    const rules = words.map(
      ({ text }, i) => `  http-request return status 200 content-type text/plain string ${text} if { path /${i} }\n`,
    )
    writeFileSync(
      path,
      `global\n  maxconn 50\ndefaults\n  mode http\n  timeout client 9s\n  timeout server 9s\n  timeout connect 9s\nfrontend f\n  bind unix@${socket}\n${rules.join('')}`,
    )
    const haproxy = spawn('/usr/sbin/haproxy', ['-db', '-q', '-f', path], { stdio: ['ignore', 'ignore', 'inherit'] })
    try {
      const found = new Map<number, string>()
      for (const [i] of words.entries()) found.set(i, await got(socket, `/${i}`))
      sameAll(words, (i) => found.get(i))
    } finally {
      haproxy.kill('SIGKILL')
      await new Promise((resolve) => haproxy.once('close', resolve))
    }
  }))

test('haproxy.cfg: names, addresses and logins are taken for one', () => {
  const names = writtenBy((value) => encode.haproxyName(value), [...hostileValues(), 'a.b_c-1:2'])
  // A host name would be looked up.
  const hosts = writtenBy((value) => encode.urlHost(value)).filter(({ value }) => isIP(value) !== 0)
  const logins = writtenBy((value) => String(encode.haproxyLogin('u', value)))
  const distinct = [...new Set(names.map(({ text }) => text))]
  const servers = distinct.map((name) => `  server ${name} 127.0.0.1:1\n`)
  const more = hosts.map(({ text }, i) => `  server address${i} ${text}:1\n`)
  const auth = logins.filter(({ text }) => text.length < 1500).map(({ text }) => `  stats auth ${text}\n`)
  const text = `defaults\n  mode http\n  timeout client 9s\n  timeout server 9s\n  timeout connect 9s\nlisten l\n  bind 127.0.0.1:1\n${servers.join('')}${more.join('')}${auth.join('')}`
  withFile(text, (path) => output('/usr/sbin/haproxy', ['-c', '-q', '-f', path]))
})

/** Lines that Debian's `crontab` takes. */
const longestCrontab = 10_000

test('a crontab: crontab takes each time, name, variable and job for one', () => {
  const fields = ['minute', 'hour', 'day', 'month', 'weekday'] as const
  const good = ['*/5', '0', '1-5', '1,2,3', '*', '1-5/2', 'jan', 'mon-fri', '7', '31', '59']
  const times = fields.flatMap((field, at) =>
    writtenBy((value) => encode.cronTime(field, value), [...hostileValues(), ...good]).map(({ text }) => {
      const all = ['*', '*', '*', '*', '*'].with(at, text).join(' ')
      // Debian's cron knows no random times, which others do.
      return text.includes('~') ? '' : `${all} true\n`
    }),
  )
  const variables = writtenBy((value) => encode.cronVariable('A', value)).filter(({ text }) => text.length < 900)
  const commands = writtenBy((value) => encode.cronCommand(value)).filter(
    ({ value }) => !/^\s*\*/.test(value) && value.length < 900,
  )
  const lines = [
    ...times,
    ...variables.map(({ text }) => `${text}\n`),
    ...commands.map(({ text }) => `* * * * * ${text}\n`),
  ]
  for (let i = 0; i < lines.length; i += longestCrontab)
    withFile(lines.slice(i, i + longestCrontab).join(''), (path) => output('/usr/bin/crontab', ['-n', path]))
})

test('sudoers: each name and each word is one', () => {
  const names = writtenBy((value) => encode.sudoers(value))
  const words = writtenBy((value) => encode.sudoersWord(value))
  const text = [
    ...names.map(({ text }) => `${text} ALL = ALL\n`),
    ...words.map(({ text }) => `u ALL = /bin/echo ${text}\n`),
  ].join('')
  withFile(text, (path) => {
    output('/usr/sbin/visudo', ['-cf', path])
    const specs = (JSON.parse(output('/usr/bin/cvtsudoers', ['-f', 'json', path])) as { User_Specs: readonly Spec[] })
      .User_Specs
    sameAll(names, (i) => specs[i]?.User_List[0]?.username)
    const commands = specs
      .flatMap((spec) => spec.Cmnd_Specs)
      .slice(names.length)
      .flatMap(({ Commands }) => Commands.map(({ command }) => command))
    // A backslash is left before what would be a wildcard.
    sameAll(words, (i) => commands[i]?.slice('/bin/echo '.length).replace(/\\(.)/gs, '$1'))
  })
})
interface Spec {
  readonly User_List: readonly { readonly username?: string }[]
  readonly Cmnd_Specs: readonly { readonly Commands: readonly { readonly command: string }[] }[]
}

const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGbZMVgUSp4ZbBtFYBFRkKPOZPBJEcRJKVFvq8NQnRkd'
test('authorized_keys: each line is one key, with its comment', () => {
  const comments = writtenBy((value) => encode.keyComment(value))
  const options = writtenBy((value) => encode.authorizedKeyOption('command', value))
  const list = (lines: readonly string[]) =>
    withFile(lines.map((line) => `${line}\n`).join(''), (path) =>
      output('/usr/bin/ssh-keygen', ['-l', '-f', path]),
    ).split('\n')
  const named = comments.map(({ value }, i) => (value === '' ? [] : [i])).flat()
  const shown = list(named.map((i) => `${key} ${comments[i]?.text ?? ''}`))
  assert.is(shown.length - 1, named.length)
  named.forEach((i, at) =>
    assert.is(shown[at]?.split(' ').length, 3 + (comments[i]?.value.split(' ').length ?? 0), drawnFrom),
  )
  const guarded = list(options.map(({ text }, i) => `restrict,${text} ${key} me${i}`))
  options.forEach((_, i) => assert.match(guarded[i] ?? '', new RegExp(` me${i} \\(ED25519\\)$`), drawnFrom))
})

test('known_hosts: a host is known by the key, and no other', () => {
  const hosts = writtenBy((value) => encode.knownHost(value))
    .filter(({ value }) => !/[*?]/.test(value))
    .slice(0, 20)
  withFile(hosts.map(({ text }) => `${text} ${key}\n`).join(''), (path) => {
    assert.is(output('/usr/bin/ssh-keygen', ['-l', '-f', path]).split('\n').length - 1, hosts.length)
    for (const { value } of hosts) assert.match(output('/usr/bin/ssh-keygen', ['-F', value, '-f', path]), key)
  })
})

test('an environment file: a shell and systemd read the value', () => {
  const written = writtenBy((value) => encode.environment(value))
  const lines = written.map(({ text }, i) => `V${i}=${text}\n`)
  const script = `. "$0"; i=0; while [ $i -lt ${lines.length} ]; do eval "printf '%s\\\\0' \\"\\$V$i\\""; i=$((i + 1)); done`
  const found = withFile(lines.join(''), (path) => output('/bin/sh', ['-c', script, path])).split('\0')
  sameAll(written, (i) => found[i])
})

test('an environment file: systemd reads the value', () => {
  // systemd reads os-release as it reads EnvironmentFile=, and systemd-tmpfiles writes what it has read there.
  const fields = { VERSION_ID: '%w', BUILD_ID: '%B', VARIANT_ID: '%W' }
  const written = writtenBy((value) => encode.environment(value), hostileValues(150)).filter(
    ({ value }) => value !== '',
  )
  const names = Object.keys(fields)
  for (let at = 0; at < written.length; at += names.length) {
    const some = written.slice(at, at + names.length)
    const read = throughSystemd(some, names, Object.values(fields))
    sameAll(some, (i) => read[i])
  }
})

function throughSystemd(
  some: readonly Written[],
  names: readonly string[],
  specifiers: readonly string[],
): readonly string[] {
  return withFile(some.map((_, i) => `f+ /v${i} - - - - ${specifiers[i] ?? ''}\n`).join(''), (path) => {
    const root = dirname(path)
    mkdirSync(join(root, 'etc'))
    writeFileSync(
      join(root, 'etc/os-release'),
      some.map(({ text }, i) => `${encode.environmentLine(names[i] ?? '', '')}${text}\n`).join(''),
    )
    output('/usr/bin/systemd-tmpfiles', [`--root=${root}`, '--create', path])
    return some.map((_, i) => readFileSync(join(root, `v${i}`), 'utf8'))
  })
}

test('a unit: systemd takes each setting, word and argument', () => {
  const values = writtenBy((value) => encode.systemd(value)).map(({ text }) => `Description=${text}\n`)
  const words = writtenBy((value) => encode.systemdWord(`A=${value}`)).map(
    ({ text }) => `Environment=${text}
`,
  )
  const args = writtenBy((value) => encode.systemdArgument(value)).map(({ text }) => `ExecStart=/bin/echo ${text}\n`)
  withFile('', (path) => {
    const unit = join(dirname(path), 'hostile.service')
    writeFileSync(unit, `[Unit]\n${values.join('')}[Service]\nType=oneshot\n${words.join('')}${args.join('')}`)
    assert.is(output('/usr/bin/systemd-analyze', ['verify', '--man=no', unit]), '')
  })
})

test('chrony.conf: each word is one source', () => {
  const words = writtenBy((value) => encode.chrony(value))
  const networks = writtenBy((value) => encode.network(value), [...hostileValues(), '10.0.0.0/8', '::1'])
  const lines = [...words.map(({ text }) => `server ${text} iburst`), ...networks.map(({ text }) => `allow ${text}`)]
  const shown = withFile(`${lines.join('\n')}\n`, (path) => output('/usr/sbin/chronyd', ['-p', '-f', path]))
  assert.equal(shown.trimEnd().split('\n'), lines, drawnFrom)
})

async function withFileAsync(text: string, use: (path: string) => Promise<void>): Promise<void> {
  const { mkdtempSync, rmSync } = await import('node:fs')
  const folder = mkdtempSync('/tmp/hostwright-encode-')
  try {
    writeFileSync(join(folder, 'file'), text)
    await use(join(folder, 'file'))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Waits for a server that is only just starting. */
async function got(socketPath: string, path: string): Promise<string> {
  for (let tries = 0; ; tries++)
    try {
      return await new Promise((resolve, reject) => {
        request({ socketPath, path }, (response) => {
          const parts: Buffer[] = []
          response.on('data', (part: Buffer) => parts.push(part))
          response.on('end', () => resolve(Buffer.concat(parts).toString()))
        })
          .on('error', reject)
          .end()
      })
    } catch (error) {
      if (tries > 300) throw error
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
}

test.run()
