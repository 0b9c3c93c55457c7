import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { HostwrightError } from '../../../../lib/error.ts'
import { parsePublicKey } from '../../../../lib/kit/ssh/public-key.ts'
import { renews } from '../../../../lib/kit/ssh/renew-keypair.ts'

/** Made by ssh-keygen, with what its -l says of them. */
const keys = [
  [
    'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJGlYs7o95NbCyOPZXiAQHer5XkMZ40gtQ4BHHZDWZ1d archive@example',
    'ed25519',
    256,
    'SHA256:4MxvpOWbKBxEhA/qUDaX4kyC0WM9MqR8XHngkvIfx8w',
    'archive@example',
  ],
  [
    'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQDKPAsBwn3C9LeA3U9me6lP26bV2BgFVNZ/sMQZX2rZnuwQ7YaW8oUpMDTqPxF1CeFRx2+1W2P80NBNUPuWI4iN9DZ9e5JeWX9DVurwRf+tg3pnKOtwLqduwzAvKngiHpQpKsOKXR9UfReQgQtqtPS/4HkZaFQfY/IovpVUjqdam9GK8hmmu4OFekpNz1aOfUPaM+9EY40P+NspUxl7CA6fg+1F3q94jS7sBVCFD5QxesUJvDZD3/7VjHNNDW2WObJhUVe2Zf2q0+E4OOypyDTvYj1cCsvNALcmeyXkYZHfsj67q+OoxlCQn8eL9tDZkA6kyoqaF6UYW062mv+byc1l two words',
    'rsa',
    2048,
    'SHA256:GRIVZ2NCcJrNPSxy9K64DFhK4i+yskNvBOcYLWQ4Urs',
    'two words',
  ],
  [
    'ecdsa-sha2-nistp521 AAAAE2VjZHNhLXNoYTItbmlzdHA1MjEAAAAIbmlzdHA1MjEAAACFBACtrrcHyfkbrBo3vR3Z1fIqURx9BsP82KV2dpwT3iMZH/I6VtACS0A+j6z7OZpbLiCGmKKEdsyIqHunTEUeS553DwCKpcePZsq6DLcpi9+Zq7PBY/lDKBtML9NWeHwpz6UaRPtkOGHi/xaiDiNUet7rVs5ZxPbErsIufvIHa8bu+Vxn/Q==',
    'ecdsa',
    521,
    'SHA256:bgwU/qXiTd/H4JD2MqPZBRXk2RG4SXzfH9XpOrtDUiY',
    '',
  ],
] as const
for (const [line, type, size, fingerprint, comment] of keys)
  test(`a key of ${type} with ${size} bits`, () => {
    const key = parsePublicKey(`${line}\n`)
    assert.equal([key?.type, key?.size, key?.fingerprint, key?.comment], [type, size, fingerprint, comment])
    assert.ok(line.startsWith(key?.text ?? '-'))
  })

test('what is no public key', () => {
  for (const text of ['', 'ssh-rsa', '-----BEGIN OPENSSH PRIVATE KEY-----', 'Load key: bad permissions'])
    assert.is(parsePublicKey(text), undefined)
})

const ed = parsePublicKey(keys[0][0]) ?? ('absent' as const)
const wanted = { type: 'ed25519', size: 256, path: '/k' }
const other = { type: 'rsa', size: 4096, path: '/k' }
const cases = [
  ['absent', 'never', wanted, true],
  ['pending', 'always', wanted, false],
  [ed, 'partial_idempotence', wanted, false],
  [ed, 'partial_idempotence', other, true],
  [ed, 'full_idempotence', other, true],
  [ed, 'never', other, false],
  [ed, 'fail', other, 'error'],
  [ed, 'always', wanted, true],
  ['unreadable', 'never', wanted, 'error'],
  ['unreadable', 'partial_idempotence', wanted, 'error'],
  ['unreadable', 'full_idempotence', wanted, true],
] as const
for (const [key, regenerate, fit, expected] of cases)
  test(`${typeof key === 'string' ? key : 'a key'}, ${regenerate}, wanted ${fit.type}: ${String(expected)}`, () => {
    const decide = () => renews({ key, words: '' }, regenerate, fit)
    if (expected === 'error') assert.throws(decide, (error: unknown) => error instanceof HostwrightError)
    else assert.is(decide(), expected)
  })

test.run()
