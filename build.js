/**
 * Makes the JavaScript of dist, in few files: every file costs a start about as much as a hundred kilobytes more in one. Libraries stay
 * outside.
 *
 *   node build.js [FOLDER]
 */
import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { sourcesMark } from './bin/start.js'

const folder = process.argv[2] ?? 'dist'
// Taken before, so that what is edited meanwhile counts as newer.
const mark = sourcesMark()
const half = `${folder}.half`
rmSync(half, { recursive: true, force: true })
await build({
  absWorkingDir: fileURLToPath(new URL('.', import.meta.url)),
  entryPoints: [
    'lib/index.ts',
    'modules/index.ts',
    'lib/cli/cache-folder.ts',
    'lib/cli/index.ts',
    'lib/cli/library-hook.ts',
  ],
  outdir: half,
  outbase: '.',
  chunkNames: 'lib/chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.10',
  packages: 'external',
  logLevel: 'warning',
})
writeFileSync(`${half}/sources`, mark)
rmSync(folder, { recursive: true, force: true })
renameSync(half, folder)
