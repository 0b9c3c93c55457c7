/** The form of the name of a lab or a host. It becomes a part of file names, of a network namespace, and of a host's own name. */
export const isName = (text: string): boolean => /^[a-z][a-z0-9-]{0,30}$/.test(text)
export const nameRule = 'Use small letters, digits and dashes, a letter first, 31 characters at most.'

/** Light hosts are an sshd over the same base, without systemd: many of them fit where few whole hosts would. */
export const isLight = (host: string): boolean => /^light\d+$/.test(host)
