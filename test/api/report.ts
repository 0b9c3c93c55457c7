import { join } from 'node:path'
import { format, resolveConfig } from 'prettier'
import ts from 'typescript'
import type { Declarations } from './declarations.ts'
import { exportedBy, type Exported } from './exported.ts'
import { root, type Face } from './faces.ts'
import { moduleText, type Definition } from './module-text.ts'
import { tidied } from './tidied.ts'

/** The report of a face: what it exports, each with its signature. Whoever changes a signature sees it change. */
export async function reportOf(face: Face, declarations: Declarations): Promise<string> {
  const exported = exportedBy(face, declarations)
  const namespaces = [...new Set(exported.map(({ namespace }) => namespace))]
  const parts = await Promise.all(
    namespaces.map(async (namespace) => {
      const own = exported.filter((one) => one.namespace === namespace)
      const title = namespace === '' ? '' : `## ${namespace}\n\n`
      return title + (await modulesText(face, own, declarations)) + (await signaturesText(own, declarations))
    }),
  )
  const head = `# ${face.name}\n\nWhat \`${face.name}\` exports. \`npm run api\` makes this file from the code.`
  return `${head}\n\n${parts.join('').trimEnd()}\n`
}

/** The name of the report's file in `docs/api`. */
export function fileOf({ name }: Face): string {
  return `${name.replace(/^hostwright\//, '').replaceAll('/', '-')}.md`
}

async function modulesText(face: Face, exported: readonly Exported[], { checker }: Declarations): Promise<string> {
  const modules = exported.filter((one) => isModule(one, checker))
  if (modules.length === 0) return ''
  const values = (await import(join(root, face.file))) as Readonly<Record<string, { readonly definition: Definition }>>
  const texts = modules.map(({ name, symbol }) => {
    const value = values[name]
    if (value === undefined) throw new Error(`${face.file} does not export ${name}`)
    return moduleText(name, checker.getTypeOfSymbol(symbol), value.definition, checker)
  })
  return `Modules. A star marks a parameter that must be given.\n\n\`\`\`text\n${texts.join('\n')}\`\`\`\n\n`
}

async function signaturesText(exported: readonly Exported[], { checker }: Declarations): Promise<string> {
  const others = exported.filter((one) => !isModule(one, checker))
  if (others.length === 0) return ''
  const code = others.map(signature).join('\n\n')
  const style = await resolveConfig(join(root, 'package.json'))
  return `\`\`\`ts\n${await format(code, { ...style, parser: 'typescript' })}\`\`\`\n\n`
}

function isModule({ symbol }: Exported, checker: ts.TypeChecker): boolean {
  return (symbol.flags & ts.SymbolFlags.Value) !== 0 && checker.getTypeOfSymbol(symbol).symbol?.name === 'Module'
}

function signature({ name, symbol }: Exported): string {
  const texts = (symbol.declarations ?? []).map((node) => {
    const whole = ts.isVariableDeclaration(node) ? node.parent.parent : node
    return whole
      .getText()
      .replace(/^export (declare )?/, '')
      .replace(new RegExp(`\\b${symbol.name}\\b`), name)
  })
  return tidied(texts.join('\n'))
}
