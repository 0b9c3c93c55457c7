/** Files that both refuse, at the same line. Ansible keeps what stood before it and exits with 0; we keep nothing. */
export const broken: readonly { readonly name: string; readonly text: string; readonly line: number }[] = [
  { name: 'a variable without a value', text: 'a\n[g]\nb c\n', line: 3 },
  { name: 'a section that does not exist', text: '[g]\nx\n[g:hots]\ny\n', line: 3 },
  { name: 'a blank in a section', text: '[g]\n[a b]\n', line: 2 },
  { name: 'variables of no group', text: '[g]\nx\n[h:vars]\na=1\n', line: 3 },
  { name: 'a child that is no group', text: '[g:children]\nx\n', line: 2 },
  { name: 'a variable line without =', text: '[g]\n[g:vars]\nabc\n', line: 3 },
  { name: 'a semicolon behind a host', text: 'a ; c\n', line: 1 },
  { name: 'an open quote', text: "a\nb c='x\n", line: 2 },
  { name: 'a child with a colon', text: '[g]\n[p:children]\ng:h\n', line: 3 },
]

/** Files that both refuse, where Ansible gives no line. */
export const brokenWithoutLine: Readonly<Record<string, string>> = {
  'a trailing colon': 'a:\n',
  'the start of YAML': '---\na\n',
  'an unclosed range': 'web[1:3\n',
  'unequal zeros': 'web[01:100]\n',
  'a loop of groups': '[a:children]\nb\n[b:children]\na\n',
  'a group in itself': '[a:children]\na\n',
  'a priority in words': '[a]\nx\n[a:vars]\nansible_group_priority=high\n',
}
