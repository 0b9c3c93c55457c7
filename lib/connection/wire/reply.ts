/** The exit status of a script and its complete output, as bytes. */
export interface Reply {
  readonly status: number
  readonly stdout: Buffer
  readonly stderr: Buffer
}
