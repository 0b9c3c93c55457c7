import { existsSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { caseText, images, markdown, targetTable } from './markdown.ts'
import { charts } from './plots.ts'
import { type Results, writeResults, writeTexts } from './results.ts'
import { svg } from './svg.ts'
import { judgeTargets } from './targets.ts'

/** The README is read where its pictures are not: in the package, and on npm's page. */
const pictures = 'https://raw.githubusercontent.com/hostwright/hostwright/HEAD'

/** Writes everything that is made of the results; gives what to tell about the case just measured. */
export function publish(results: Results, name: string, folder: string | undefined, clone: string): string {
  if (folder !== undefined) {
    const { form } = results
    const plots = Object.entries(charts(results)).map(([chart, what]) => ({
      ...{ file: `${form}-${chart}.svg`, title: what.title, image: svg(what) },
    }))
    writeResults(folder, results)
    writeTexts(folder, {
      ...Object.fromEntries(plots.map(({ file, image }) => [file, image])),
      [`${form}.md`]: markdown(results, plots),
    })
    const readme = join(clone, 'README.md')
    if (form === 'full' && folder.startsWith(clone) && existsSync(readme)) {
      const below = plots.map((plot) => ({ ...plot, file: `${pictures}/${relative(clone, folder)}/${plot.file}` }))
      const speed = [targetTable(judgeTargets(results)), ...images(below)].join('\n')
      writeTexts(clone, { 'README.md': withSpeed(readFileSync(readme, 'utf8'), speed) })
    }
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
