/** What the shadow tools and the files they write can hold as a name. `-` first would be an option, `:` and newlines end a field; digits alone are a number. */
export function nameComplaint(parameter: string, name: string): readonly string[] {
  if (
    /^[^-\s:,/=\\"'#~+\x00-\x1f\x7f][^\s:,/=\\"'\x00-\x1f\x7f]*$/u.test(name) &&
    !/^\d+$/.test(name) &&
    name.length <= 64
  )
    return []
  return [`"${parameter}" must be a name such as "deploy", not ${JSON.stringify(name)}`]
}

/** A field of passwd(5) cannot hold a colon or a newline, and the tools that write it refuse other control characters less clearly. */
export function fieldComplaint(parameter: string, value: string | undefined): readonly string[] {
  return value === undefined || !/[:\x00-\x1f\x7f]/.test(value)
    ? []
    : [`"${parameter}" cannot hold a colon, a newline or a NUL or other control character: ${JSON.stringify(value)}`]
}
