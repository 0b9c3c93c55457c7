import { defineModule, Type, unchanged } from '../lib/index.ts'
import { missingFile } from '../lib/kit/files/edited.ts'

/**
 * The content of a file of the host, in base64. It changes nothing.
 *
 * Follows https://docs.ansible.com/ansible/latest/collections/ansible/builtin/slurp_module.html
 *
 * @throws when the file is missing, is a directory, or may not be read.
 * @example
 * .task('Read the key', () => slurp({ src: '/var/lib/barman/.ssh/id_ed25519.pub' }), { register: 'key' })
 * .task('Use it', ({ results }) => authorized_key({ user: 'postgres', key: Buffer.from(results.key.content, 'base64').toString() }))
 */
export const slurp = defineModule({
  name: 'slurp',
  summary: 'The content of a file.',
  reads: true,
  params: { src: Type.String({ description: 'The file to read.' }) },
  examples: [{ name: 'The name of the host', params: { src: '/etc/hostname' } }],
  plan: async ({ src }, host) => {
    const content = await host.files.read(src)
    if (content === undefined) throw missingFile(host, src)
    return unchanged({ source: src, content: content.toString('base64'), encoding: 'base64' })
  },
})
