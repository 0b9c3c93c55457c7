/** With fewer hosts the whole heap is small. */
const manyHosts = 20

/**
 * Has V8 collect its old objects once they have grown by two thirds, instead of three- or fourfold: with a hundred hosts what lives is a fifth of what would
 * otherwise be held. It costs a few hundredths of the processor's time. The flag is V8's, known from Node 20 to 24.
 */
export async function keepHeapSmall(hosts: number): Promise<void> {
  const major = Number(process.versions.v8.split('.')[0])
  if (hosts <= manyHosts || major < 11 || major > 13) return
  const { setFlagsFromString } = await import('node:v8')
  setFlagsFromString('--heap-growing-percent=70')
  // The code that is kept at the end (kept-code.ts) is taken by no V8 with other flags.
  process.prependOnceListener('exit', () => setFlagsFromString('--heap-growing-percent=0'))
}
