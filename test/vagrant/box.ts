import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from '../../lab/image/build.ts'
import { sh } from '../../lab/command.ts'

const script = readFileSync(fileURLToPath(new URL('box.sh', import.meta.url)), 'utf8')

export interface Box {
  readonly file: string
  /** A folder of Debian packages that its machines look for in /srv/apt. */
  readonly packages: string
}

/** A box of Debian 12 for LXC, made of the lab's base system; made once on this machine. */
export async function makeBox(folder: string, say: (line: string) => void): Promise<Box> {
  const { key: made, base, archive: packages } = await build('12', { install: true, say })
  const recipe = createHash('sha256').update(script).digest('hex').slice(0, 6)
  const file = join(folder, `${made}-${recipe}.box`)
  if (existsSync(file)) return { file, packages }
  // vagrant-lxc takes the first two parts off each name: ./rootfs/etc becomes etc.
  const root = join(folder, 'rootfs')
  const parts = join(folder, 'parts')
  mkdirSync(parts, { recursive: true })
  const key = (await sh("find Vagrant's public key")`dpkg -L vagrant | grep '/keys/vagrant[.]pub$'`).trim()
  await sh('copy the base system')`rm -rf ${root}; cp -a ${base} ${root}`
  writeFileSync(join(root, 'box.sh'), script)
  await sh('make a box of it')`
    env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin chroot ${root} /bin/sh /box.sh <${key}
    rm ${root}/box.sh
    tar --numeric-owner --xattrs -C ${folder} -cf - ./rootfs | gzip -1 >${parts}/rootfs.tar.gz
    rm -rf --one-file-system ${root}`
  writeFileSync(join(parts, 'metadata.json'), JSON.stringify({ provider: 'lxc', version: '1.0.0' }))
  await sh('pack the box')`tar -C ${parts} -cf ${file}.part metadata.json rootfs.tar.gz; rm -r ${parts}`
  renameSync(`${file}.part`, file)
  return { file, packages }
}
