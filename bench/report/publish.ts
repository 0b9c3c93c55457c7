import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { caseText, markdown, targetTable } from './markdown.ts'
import { charts } from './plots.ts'
import { type Results, writeResults, writeTexts } from './results.ts'
import { svg } from './svg.ts'
import { judgeTargets } from './targets.ts'

/** Writes everything that is made of the results; gives what to tell about the case just measured. */
export function publish(results: Results, name: string, folder: string | undefined, clone: string): string {
  if (folder !== undefined) {
    const { form } = results
    const drawn = Object.entries(charts(results)).map(([chart, what]) => [`${form}-${chart}.svg`, svg(what)] as const)
    writeResults(folder, results)
    writeTexts(folder, {
      ...Object.fromEntries(drawn),
      [`${form}.md`]: markdown(
        results,
        drawn.map(([file]) => file),
      ),
    })
    const readme = join(clone, 'README.md')
    if (form === 'full' && folder.startsWith(clone) && existsSync(readme))
      writeTexts(clone, { 'README.md': withSpeed(readFileSync(readme, 'utf8'), targetTable(judgeTargets(results))) })
  }
  const result = results.cases[name]
  return result === undefined ? '' : caseText(name, result).join('\n')
}

const marks = { begin: '<!-- speed: written by `npm run bench -- full` -->', end: '<!-- end of speed -->' } as const

/** The README with these numbers between its marks; without marks it stays as it is. */
export function withSpeed(readme: string, numbers: string): string {
  const [begin, end] = [readme.indexOf(marks.begin), readme.indexOf(marks.end)]
  if (begin < 0 || end < begin) return readme
  return `${readme.slice(0, begin + marks.begin.length)}\n\n${numbers}\n${readme.slice(end)}`
}
