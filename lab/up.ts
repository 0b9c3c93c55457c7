/** `npm run up`: from an empty machine to a replicated, backed-up PostgreSQL on real hosts, verified. */
import { spawnSync } from 'node:child_process'
import { LabError, openLab } from './index.ts'

const lab = openLab({ say: (line) => console.log(line) })

function title(text: string): void {
  console.log(`\n== ${text}`)
}

/** Runs a playbook as a user would, on this terminal; ends with its status when it fails. */
function play(file: string): void {
  const { status } = spawnSync('npx', ['tsx', file, '-i', lab.inventoryFile], { stdio: 'inherit' })
  if (status === 0) return
  console.error(
    `\n${file} ended with status ${status ?? 'of a signal'}; what went wrong stands above. After mending: npm run up`,
  )
  process.exit(status ?? 1)
}

try {
  title(`1 of 3: three Debian ${lab.release} hosts on this machine`)
  await lab.up()
  title('2 of 3: replication and backups (playbooks/site.ts)')
  play('playbooks/site.ts')
  title("3 of 3: the systems' own checks (playbooks/verify.ts)")
  play('playbooks/verify.ts')
} catch (error) {
  if (!(error instanceof LabError)) throw error
  console.error(error.message)
  process.exit(1)
}

console.log(`
It stands. What to try next:
  npx tsx playbooks/site.ts                      run again: nothing changes
  npm run lab -- ssh pg1 sudo -u postgres psql   look around
  npm run lab -- kill pg1; npm run lab -- start pg1
  npx tsx playbooks/site.ts --check --diff       what would be mended, and how
  npm run lab -- down                            take it all away`)
