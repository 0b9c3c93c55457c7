/** A picture of servers and what flows between them: as text for the terminal, as Mermaid for documents. */
export interface Picture {
  readonly title: string
  readonly servers: readonly Server[]
  readonly flows: readonly Flow[]
}

export interface Server {
  readonly name: string
  /** Its kind, and more about it, line by line. */
  readonly about: readonly string[]
}

/** Something that flows from one server to another. */
export interface Flow {
  readonly from: string
  readonly to: string
  /** The flow and its way: `publ_test1 (test1), slot subs_test1`. */
  readonly what: string
  /** `streaming`, `disabled`; empty when it is not known. */
  readonly state: string
  /** Drawn as a broken line when nothing flows. */
  readonly flowing: boolean
}

/** Each server, what it is, and below it what comes to it from others. */
export function pictureText({ title, servers, flows }: Picture): string {
  const blocks = servers.flatMap(({ name, about }) => {
    const [first = '', ...rest] = about
    const coming = flows.filter(({ to }) => to === name)
    return [
      `${name}${first === '' ? '' : `: ${first}`}`,
      ...rest.map((line) => `  ${line}`),
      ...coming.map(
        ({ from, what, state, flowing }) =>
          `  ${flowing ? '<──' : '<- -'} ${from}  ${what}${state === '' ? '' : `: ${state}`}`,
      ),
    ]
  })
  return [title, ...blocks].join('\n')
}

/** https://mermaid.js.org/syntax/flowchart.html */
export function pictureMermaid({ title, servers, flows }: Picture): string {
  const ids = new Map(servers.map(({ name }, index) => [name, `s${index + 1}`]))
  const idOf = (name: string) => ids.get(name) ?? `other_${name.replace(/\W/g, '_')}`
  return [
    `---`,
    `title: ${JSON.stringify(title)}`,
    `---`,
    'flowchart LR',
    ...servers.map(({ name, about }) => `  ${idOf(name)}["${[name, ...about].map(label).join('<br>')}"]`),
    ...flows.map(({ from, to, what, state, flowing }) => {
      const text = [what, state]
        .filter((part) => part !== '')
        .map(label)
        .join('<br>')
      return `  ${idOf(from)} ${flowing ? '-->' : '-.->'}|"${text}"| ${idOf(to)}`
    }),
    '',
  ].join('\n')
}

/** Quotes and brackets mean something to Mermaid: they are written by their numbers. */
function label(text: string): string {
  return text.replace(/["#<>|[\]{}]/g, (letter) => `#${letter.charCodeAt(0)};`)
}
