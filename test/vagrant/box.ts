import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from '../../lab/build.ts'
import { sh } from '../../lab/command.ts'

const script = readFileSync(fileURLToPath(new URL('box.sh', import.meta.url)), 'utf8')
const publicKeys = ['/usr/share/vagrant/keys/vagrant.pub', '/usr/share/vagrant-lxc/keys/vagrant.pub']

export interface Box {
  readonly file: string
  /** A folder of Debian packages that its machines look for in /srv/apt. */
  readonly packages: string
}

/** A box of Debian 12 for LXC, made of the lab's base system; made once on this machine. */
export async function makeBox(folder: string, say: (line: string) => void): Promise<Box> {
  const { base, archive: packages } = await build('12', say)
  const file = join(folder, 'bookworm.box')
  if (existsSync(file)) return { file, packages }
  const root = join(folder, 'root')
  const parts = join(folder, 'parts')
  mkdirSync(parts, { recursive: true })
  const key = publicKeys.find((path) => existsSync(path))
  if (key === undefined) throw new Error(`Vagrant's public key is in none of ${publicKeys.join(', ')}`)
  await sh('copy the base system')`rm -rf ${root}; cp -a ${base} ${root}`
  writeFileSync(join(root, 'box.sh'), script)
  await sh('make a box of it')`
    env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin chroot ${root} /bin/sh /box.sh <${key}
    rm ${root}/box.sh
    tar --numeric-owner --xattrs -C ${root} -cf - . | gzip -1 >${parts}/rootfs.tar.gz
    rm -rf --one-file-system ${root}`
  writeFileSync(join(parts, 'metadata.json'), JSON.stringify({ provider: 'lxc', version: '1.0.0' }))
  await sh('pack the box')`tar -C ${parts} -cf ${file}.part metadata.json rootfs.tar.gz; rm -r ${parts}`
  renameSync(`${file}.part`, file)
  return { file, packages }
}
