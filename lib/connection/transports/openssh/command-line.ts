import { option, type OpenSshOptions } from '../../settings/openssh-options.ts'

/**
 * The ssh process that logs in (ssh's "master"). It runs no command itself; later ssh processes run theirs over its socket.
 *
 * ssh uses the first value of most options. So options that nobody may change come first, and defaults come last. Of several `-S` it uses the last.
 */
export function loginCommand(options: OpenSshOptions, socket: string, connectTimeout: number): readonly string[] {
  const asks = options.password !== undefined || options.passphrase !== undefined
  return [
    options.executable,
    ...option('ControlMaster', 'yes'),
    ...option('ControlPersist', 'no'),
    ...option('RemoteCommand', 'none'),
    ...option('LogLevel', 'INFO'),
    ...option('BatchMode', asks ? 'no' : 'yes'),
    // Do not try a wrong password again.
    ...(asks ? option('NumberOfPasswordPrompts', 1) : []),
    ...options.args,
    ...option('ConnectTimeout', connectTimeout),
    ...option('ServerAliveInterval', 15),
    ...option('ServerAliveCountMax', 3),
    '-N',
    '-T',
    '-S',
    socket,
    '--',
    options.alias,
  ]
}

/**
 * An ssh that has a program run over such a login. It reads no configuration, and never logs in by itself: where the socket is dead, it must fail. Whether the agent
 * is lent is for the login to say.
 */
export function programCommand(
  { executable, alias }: OpenSshOptions,
  socket: string,
  command: string,
  pty: boolean,
): readonly string[] {
  return [
    executable,
    ...['-F', 'none'],
    ...['-S', socket],
    ...option('ProxyCommand', 'false'),
    ...option('BatchMode', 'yes'),
    ...option('LogLevel', 'ERROR'),
    '-A',
    ...(pty ? ['-tt', '-e', 'none'] : ['-T']),
    '--',
    alias,
    command,
  ]
}
