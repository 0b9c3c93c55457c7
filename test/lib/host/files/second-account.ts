import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { lstatSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryUser } from '../../connection/user.ts'

/** An account of this machine that is not root and means harm. */
export interface SecondAccount {
  readonly name: string
  readonly uid: number
  readonly home: string
  /** Runs shell as this account, to its end. */
  run(script: string): void
  /** Runs Perl as this account again and again while something else is done: a loop in shell would be too slow to win anything. */
  racing<T>(perl: string, use: () => Promise<T>): Promise<T>
}

export async function withSecondAccount<T>(label: string, use: (bob: SecondAccount) => Promise<T>): Promise<T> {
  const user = temporaryUser(label)
  const { name } = user
  const as = ['--reuid', name, '--regid', name, '--clear-groups']
  const home = `/tmp/${name}`
  try {
    return await use({
      name,
      home,
      uid: Number(execFileSync('id', ['-u', name]).toString()),
      run(script) {
        execFileSync('setpriv', [...as, 'sh', '-c', script], { cwd: home, stdio: ['ignore', 'ignore', 'inherit'] })
      },
      async racing(perl, during) {
        const racer = spawn('setpriv', [...as, 'perl', '-e', `while (1) { ${perl} }`], { cwd: home, stdio: 'ignore' })
        await once(racer, 'spawn')
        try {
          return await during()
        } finally {
          racer.kill('SIGKILL')
          if (racer.exitCode === null && racer.signalCode === null) await once(racer, 'exit')
        }
      },
    })
  } finally {
    user.remove()
  }
}

/** A folder of root's with a file in it, that nobody else may change or read. */
export interface Victim {
  readonly folder: string
  readonly file: string
  /** Everything about it, to be the same in the end. */
  look(): string
}

export async function withVictim<T>(use: (victim: Victim) => Promise<T>): Promise<T> {
  const folder = `/root/.hostwright-victim-${process.pid}`
  const file = join(folder, 'secret')
  mkdirSync(folder, { mode: 0o755 })
  writeFileSync(file, 'root knows\n', { mode: 0o600 })
  const look = () =>
    [folder, file]
      .map((path) => lstatSync(path))
      .map(({ uid, gid, mode, ino, nlink }) => `${uid}:${gid} ${mode.toString(8)} ${ino} ${nlink}`)
      .concat(readFileSync(file, 'utf8'), execFileSync('ls', ['-A', folder]).toString())
      .join('\n')
  try {
    return await use({ folder, file, look })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
