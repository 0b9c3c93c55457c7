// Runs before every npm script, on a fresh clone too, so it may use nothing but Node itself.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const clone = dirname(dirname(fileURLToPath(import.meta.url)))
const { dependencies, devDependencies } = JSON.parse(readFileSync(join(clone, 'package.json'), 'utf8'))
const packages = Object.keys({ ...dependencies, ...devDependencies })
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)

if (major < 20 || (major === 20 && minor < 10)) {
  console.error(`Node ${process.versions.node} is too old: 20.10 or newer is needed (https://nodejs.org).`)
  process.exitCode = 1
} else if (!packages.every((name) => existsSync(join(clone, 'node_modules', name)))) {
  console.error('Installing the npm packages named in package-lock.json (npm ci) …')
  const npm = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: clone, stdio: ['ignore', 2, 2] })
  if (npm.status !== 0) {
    console.error('npm ci failed (see above). Repair the cause, then run the same command again.')
    process.exitCode = 1
  }
}
