import { basename, posix } from 'node:path'
import {
  defineModule,
  HostwrightError,
  mode,
  optional,
  reveal,
  text,
  Type,
  withDefault,
  type HostReader,
  type Plan,
  type TaskContext,
} from '../lib/index.ts'
import { planCopyOnHost } from '../lib/kit/files/copy/copied-on-host.ts'
import { planTree, treeDestination } from '../lib/kit/files/copy/copied-tree.ts'
import {
  lookAtDestination,
  planCopy,
  planSending,
  type CopyParams,
  type CopyResult,
} from '../lib/kit/files/copy/copied.ts'
import { exclusive, writeComplaints, writeParams } from '../lib/kit/files/parameters.ts'
import { hashOfFileNow, sourceFile, type SourceFile } from '../lib/kit/files/copy/source-file.ts'
import { isDirectory, sourceTree } from '../lib/kit/files/copy/source-tree.ts'

/**
 * A file or folder on the host with the bytes of one on this machine (`files/` beside the playbook, or by its path), of another on the host
 * (`remote_src`), or with `content`. Only what differs is sent; what is sent is put in place whole or not at all.
 *
 * `src: 'folder/'` brings what the folder holds, `src: 'folder'` the folder itself. A `dest` that ends in `/` is a folder, made when it is missing. A link at
 * `dest` is replaced by the file, unless `follow` says to write where it points.
 *
 * Follows https://docs.ansible.com/ansible/latest/collections/ansible/builtin/copy_module.html
 *
 * @throws at start-up when the source is not found or has another checksum; later when the folder of `dest` is missing, the owner is not known, the disk is
 * full, `validate` refuses. The file at `dest` then is as it was.
 * @example
 * copy({ src: 'pgpass', dest: '/var/lib/barman/.pgpass', owner: 'barman', group: 'barman', mode: '0600' })
 */
export const copy = defineModule({
  name: 'copy',
  summary: 'Copies files to the host.',
  params: {
    src: optional(Type.String({ description: 'A file or folder of this machine; of the host with `remote_src`.' })),
    content: optional(text({ description: 'The content itself, instead of `src`.' })),
    dest: Type.String({ description: 'Where it is to be on the host.' }),
    remote_src: withDefault(Type.Boolean({ description: '`src` is on the host.' }), false),
    force: withDefault(Type.Boolean({ description: 'Replace a file that has other content.' }), true),
    follow: withDefault(
      Type.Boolean({ description: 'Write to where a link at `dest` points, instead of replacing the link.' }),
      false,
    ),
    local_follow: withDefault(
      Type.Boolean({ description: 'Copy what links in a folder of this machine point to, instead of the links.' }),
      true,
    ),
    checksum: optional(Type.String({ description: 'The SHA-1 the source must have.' })),
    directory_mode: optional(mode({ description: 'Permission bits of folders that are copied or made.' })),
    ...writeParams,
    mode: optional(mode({ description: "Permission bits: `'0644'`, `'u=rw,g=r'`, or `'preserve'` for the source's." })),
  },
  examples: [
    { name: 'A line of text', params: { content: 'Hello\n', dest: '/tmp/hello', mode: '0640' } },
    {
      name: 'The same file elsewhere on the host',
      params: { src: '/etc/hostname', dest: '/tmp/name', remote_src: true },
    },
  ],
  check: (params) => [
    ...writeComplaints(params),
    ...exclusive(params, 'src', 'content'),
    ...(params.src === undefined && params.content === undefined ? ['"src" or "content" is required'] : []),
    ...(params.content !== undefined && params.dest.endsWith('/')
      ? ['"dest" must be a file when "content" is given']
      : []),
    ...(params.content !== undefined && params.mode === 'preserve'
      ? ['"mode" can be preserved only from a "src"']
      : []),
  ],
  preflight: ({ src, remote_src, checksum }, { controller }) => {
    if (remote_src || src === undefined) return
    const path = controller.find('files', src)
    if (checksum !== undefined) verifyChecksum(sourceFile(path), checksum)
  },
  plan: async (params, host, task): Promise<Plan<CopyResult>> => {
    const { src, content } = params
    if (content !== undefined) return planCopy(host, params, { bytes: Buffer.from(reveal(content)) })
    if (src === undefined) throw new TypeError('neither content nor src')
    return params.remote_src ? planCopyOnHost(host, { ...params, src }) : planFromHere(host, { ...params, src }, task)
  },
})

type FromHere = CopyParams & { readonly src: string; readonly local_follow: boolean; readonly checksum?: string }

async function planFromHere(
  host: HostReader,
  params: FromHere,
  { controller }: TaskContext,
): Promise<Plan<CopyResult>> {
  const from = controller.find('files', params.src)
  const modeOf = (file: SourceFile) => (params.mode === 'preserve' ? { mode: file.mode } : {})
  if (!isDirectory(from)) {
    const file = sourceFile(from)
    return planCopy(host, { ...params, ...modeOf(file) }, { file, name: basename(from) })
  }
  const to = treeDestination(params.src, params.dest)
  const entries = sourceTree(from, params.local_follow).map((entry) => {
    const path = posix.join(to, entry.path)
    if (entry.type !== 'file') return { ...entry, path }
    const plan = async () => {
      const sending = { file: entry.file }
      const seen = await lookAtDestination(host.files, path, params.follow, sending)
      if (seen.stat !== undefined && !params.force) return undefined
      return planSending(host, path, { ...params, ...modeOf(entry.file) }, sending, seen)
    }
    return { path, type: 'file', plan } as const
  })
  return planTree(host, to, params, entries)
}

function verifyChecksum(file: SourceFile, wanted: string): void {
  const sha1 = hashOfFileNow(file, 'sha1')
  if (sha1 !== wanted.toLowerCase())
    throw new HostwrightError(`${file.path} has the SHA-1 ${sha1}, not ${wanted}`, {
      kind: 'input',
      next: 'fetch the file again, or correct checksum',
    })
}
