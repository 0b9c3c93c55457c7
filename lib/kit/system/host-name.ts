/** The most that Linux takes: HOST_NAME_MAX of gethostname(2). */
const longest = 64

/** What is wrong with a host name, by hostname(7): labels of letters, digits and hyphens, with dots between them. */
export function hostNameComplaint(name: string): readonly string[] {
  if (name.length > longest) return [`"name" has ${name.length} characters; Linux takes ${longest}`]
  return name.split('.').every((label) => /^[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?$/.test(label))
    ? []
    : [`"name" must be a host name such as "db1" or "db1.example.org", not ${JSON.stringify(name)}`]
}

/** The name that hostname(5) says: the first line that is no comment. */
export function staticHostName(text: string): string {
  const lines = text.split('\n').map((line) => line.trim())
  return lines.find((line) => line !== '' && !line.startsWith('#')) ?? ''
}
