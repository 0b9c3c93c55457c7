/** What a script said: its exit status and its bytes, none lost. */
export interface Reply {
  readonly status: number
  readonly stdout: Buffer
  readonly stderr: Buffer
}
