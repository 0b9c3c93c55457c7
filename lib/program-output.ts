/** What a program of the controller prints. What starts programs is loaded only here: few runs need any. Rejects with Node's own error. */
export async function programOutput(
  path: string,
  args: readonly string[],
  limits: { readonly timeout: number; readonly maxBuffer?: number },
): Promise<string> {
  const { execFile } = await import('node:child_process')
  return new Promise((resolve, reject) => {
    execFile(path, args, { encoding: 'utf8', ...limits }, (error, stdout, stderr) =>
      error === null ? resolve(stdout) : reject(Object.assign(error, { stdout, stderr })),
    )
  })
}
