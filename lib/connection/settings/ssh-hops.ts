import { defined } from '../../defined.ts'
import type { SshOptions } from './ssh-options.ts'

/** The jump hosts that ProxyJump names, with what it says of each. */
export function hopsOf({ proxyJump }: SshOptions): readonly (SshOptions & { readonly alias: string })[] {
  if (proxyJump === undefined || proxyJump.toLowerCase() === 'none') return []
  return proxyJump.split(',').map((hop) => hopOptions(hop.trim()))
}

/** `user@host:port`, `[::1]:22` or `ssh://…`, as ProxyJump writes a hop. */
export function hopOptions(hop: string): SshOptions & { readonly alias: string } {
  const found = /^(?:ssh:\/\/)?(?:(.*)@)?(\[[^\]]+\]|[^:]+|[^[\]]*:[^[\]]*:[^[\]]*)(?::(\d+))?\/?$/.exec(hop)
  const [, user, host = hop, port] = found ?? []
  return {
    alias: host.replace(/^\[(.*)\]$/, '$1'),
    ...defined({ user }),
    ...(port === undefined ? {} : { port: Number(port) }),
  }
}
