/** Writes the reports of the package's faces into `docs/api`: `npm run api`. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { declarationsOf } from './declarations.ts'
import { faces, root } from './faces.ts'
import { fileOf, reportOf } from './report.ts'

const folder = join(root, 'docs/api')
const all = faces()
const declarations = declarationsOf(all)
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder)
for (const face of all) writeFileSync(join(folder, fileOf(face)), await reportOf(face, declarations))
