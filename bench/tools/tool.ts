/** Whatever is measured. */
export const tools = {
  hostwright: 'hostwright',
  tsx: 'hostwright through npx tsx',
  ansible: 'ansible',
  pipelining: 'ansible + pipelining',
  mitogen: 'ansible + mitogen',
  script: 'a script per host over ssh',
  scp: 'scp',
  tar: 'tar through ssh',
} as const

export type Tool = keyof typeof tools

export const isTool = (text: string): text is Tool => Object.hasOwn(tools, text)

/** The ways to run Ansible, in the order in which its users come to know them. */
export const ansibles = ['ansible', 'pipelining', 'mitogen'] as const
export type Ansible = (typeof ansibles)[number]

export const isAnsible = (tool: Tool): tool is Ansible => (ansibles as readonly Tool[]).includes(tool)
