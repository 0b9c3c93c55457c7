import type { Answer, Host, HostReader } from '../../host/host.ts'
import type { Effect } from '../../host/pending-effects.ts'
import { Unreadable } from '../../host/unreadable.ts'
import { sh } from '../../quote.ts'
import type { Secret } from '../../secret.ts'

/** A server without a path. */
export const rootUrl = '^https?://[A-Za-z0-9._:\\[\\]-]+$'
/** Who asks, in a header that a colon ends the name in. @see RFC 7617 */
export const httpUser = '^[^:\\x00-\\x1f\\x7f]*$'

/** A request that the host itself makes. */
export interface HttpRequest {
  /** The whole address, as the host reaches it. */
  readonly url: string
  /** GET by default. */
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Sent as JSON; nothing by default. */
  readonly body?: unknown
  /** The user of basic authentication; none by default. */
  readonly username?: string | undefined
  /** The password of that user. */
  readonly password?: Secret | undefined
  /** Seconds for connecting, and for each silence; 5 by default. */
  readonly timeout?: number
}

/** Status 0: nobody answered, and `body` says why. */
export interface HttpResponse {
  /** The HTTP status; 0 when nobody answered. */
  readonly status: number
  /** The body as text; with status 0 the reason. */
  readonly body: string
}

/** Everything comes on standard input, passwords too; requests are made side by side and answered in their order. */
const program = `import base64, json, sys, threading, urllib.error, urllib.request
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
asked = json.load(sys.stdin)
said = [None] * len(asked)
def ask(i, r):
    try:
        body = r.get("body")
        q = urllib.request.Request(r["url"], method=r["method"], data=None if body is None else json.dumps(body).encode())
        q.add_header("Content-Type", "application/json")
        if r.get("login"):
            q.add_header("Authorization", "Basic " + base64.b64encode(r["login"].encode()).decode())
        with opener.open(q, timeout=r["timeout"]) as a:
            said[i] = {"status": a.status, "body": a.read().decode("utf-8", "replace")}
    except urllib.error.HTTPError as e:
        said[i] = {"status": e.code, "body": e.read().decode("utf-8", "replace")}
    except Exception as e:
        said[i] = {"status": 0, "body": str(getattr(e, "reason", e))}
threads = [threading.Thread(target=ask, args=a) for a in enumerate(asked)]
for t in threads: t.start()
for t in threads: t.join()
json.dump(said, sys.stdout)
`

const script = sh`command -v python3 >/dev/null 2>&1 || { echo 'python3: not found' >&2; exit 127; }
exec python3 -I -c ${program}`

const inputOf = (requests: readonly HttpRequest[]): string =>
  JSON.stringify(
    requests.map(({ url, method = 'GET', body, username, password, timeout = 5 }) => ({
      ...{ url, method, body, timeout },
      ...(username === undefined || password === undefined ? {} : { login: `${username}:${password.reveal()}` }),
    })),
  )

const limit = (requests: readonly HttpRequest[]): number =>
  Math.max(0, ...requests.map(({ timeout = 5 }) => timeout)) * 2 + 60

/**
 * Sends requests that only read, side by side, from the host itself (which needs python3). That nobody answers is a response with status 0.
 *
 * @param about - the name of the effect of a {@link send} that changes what is read.
 * @returns the responses, in the order of the requests.
 * @throws {@link Unreadable} when the host has no python3.
 * @example
 * const [health] = await http.get(host, [{ url: 'http://127.0.0.1:8008/health' }])
 */
export async function get(
  host: HostReader,
  requests: readonly HttpRequest[],
  about?: string,
): Promise<readonly HttpResponse[]> {
  const asked = { input: inputOf(requests), timeout: limit(requests) }
  return responses(host, await host.ask(script, about === undefined ? asked : { ...asked, about }))
}

/** A request that changes something. In a simulated run there is no response, and what it `leaves` is read from then on. */
export async function send(
  host: Host,
  request: HttpRequest,
  effect: Effect,
  leaves?: HttpResponse,
): Promise<HttpResponse | undefined> {
  const asked = { input: inputOf([request]), effect, timeout: limit([request]) }
  const answer = await host.run(script, leaves === undefined ? asked : { ...asked, leaves: JSON.stringify([leaves]) })
  return answer.status === 0 && answer.stdout === '' ? undefined : responses(host, answer)[0]
}

function responses(host: HostReader, { status, stdout, stderr }: Answer): readonly HttpResponse[] {
  if (status === 0) return JSON.parse(stdout) as readonly HttpResponse[]
  throw new Unreadable(
    status === 127
      ? 'the host has no python3, which makes the requests'
      : `python3 failed: ${stderr.trim().slice(-300)}`,
    'command',
    { host: host.name, next: "install it: pkg({ name: 'python3' })", data: { status, stderr } },
  )
}
