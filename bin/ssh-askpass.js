import { connect } from 'node:net'

/** The other end is `lib/connection/transports/openssh/askpass.ts`. It must know who asks: that is the process which runs this. */
const question = JSON.stringify({ prompt: process.argv[2] ?? '', asker: process.ppid })

// ssh only shows this text, for example "touch the token": it expects no answer.
if (process.env.SSH_ASKPASS_PROMPT !== 'none') {
  const socket = connect(process.env.HOSTWRIGHT_ASKPASS ?? '')
  let text = ''
  process.exitCode = 1
  socket.on('error', () => socket.destroy())
  socket.on('data', (piece) => (text += piece))
  socket.on('end', () => {
    const { answer } = JSON.parse(text)
    if (answer === undefined) return
    process.exitCode = 0
    process.stdout.write(`${answer}\n`)
  })
  socket.end(question)
}
