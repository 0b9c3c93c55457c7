import { HostwrightError } from '../../error.ts'
import { raw, sh, type Script } from '../../quote.ts'
import type { ServerAddress } from './postgres.ts'

/** The pipe's first line: from here on every byte is the server's, or the reason why there are none. */
export const pipeMark = 'hostwright-pipe '

/** Standard input and output joined to a socket: one select loop with buffers for both ways, so that neither side can block the other. */
const perl = `
use strict; use Socket; use IO::Handle; $| = 1; $SIG{PIPE} = 'IGNORE';
my ($kind, $where, $port) = @ARGV; my $s;
sub fail { print "${pipeMark}$_[0]\\n"; exit 0 }
if ($kind eq 'unix') {
  socket($s, PF_UNIX, SOCK_STREAM, 0) or fail("$!");
  connect($s, pack_sockaddr_un($where)) or fail("$!");
} else {
  require IO::Socket::IP;
  $s = IO::Socket::IP->new(PeerHost => $where, PeerPort => $port, Timeout => 10) or fail("$@");
}
print "${pipeMark}ok\\n";
my ($in, $out, $inEnd, $outEnd, $shut) = ('', '', 0, 0, 0);
$_->blocking(0) for ($s, \\*STDIN, \\*STDOUT);
my $f = fileno($s);
until ($outEnd && $out eq '') {
  my ($r, $w) = ('', ''); vec($_, 0, 1) = 0 for ($r, $w);
  vec($r, 0, 1) = 1 if !$inEnd && length $in < 262144;
  vec($r, $f, 1) = 1 if !$outEnd && length $out < 262144;
  vec($w, $f, 1) = 1 if $in ne ''; vec($w, 1, 1) = 1 if $out ne '';
  select($r, $w, undef, undef) >= 0 or next;
  if (vec($r, 0, 1)) { my $n = sysread(STDIN, $in, 65536, length $in); $inEnd = 1 if defined $n ? $n == 0 : !$!{EAGAIN} }
  if (vec($r, $f, 1)) { my $n = sysread($s, $out, 65536, length $out); $outEnd = 1 if defined $n ? $n == 0 : !$!{EAGAIN} }
  if (vec($w, $f, 1)) { my $n = syswrite($s, $in); if (defined $n) { substr($in, 0, $n) = '' } elsif (!$!{EAGAIN}) { $in = ''; $inEnd = 1 } }
  if (vec($w, 1, 1)) { my $n = syswrite(STDOUT, $out); if (defined $n) { substr($out, 0, $n) = '' } elsif (!$!{EAGAIN}) { exit 0 } }
  if ($inEnd && $in eq '' && !$shut) { shutdown($s, 1); $shut = 1 }
}`

const python = `
import os, select, socket, sys
kind, where, port = sys.argv[1:4]
try:
    if kind == 'unix':
        s = socket.socket(socket.AF_UNIX); s.connect(where)
    else:
        s = socket.create_connection((where, int(port)), 10)
except OSError as e:
    print('${pipeMark}%s' % (e.strerror or e)); sys.exit(0)
sys.stdout.write('${pipeMark}ok\\n'); sys.stdout.flush()
bufs = {0: b'', 1: b''}; ends = {0: False, 1: False}; shut = False
s.setblocking(False); os.set_blocking(0, False); os.set_blocking(1, False)
while not (ends[1] and not bufs[1]):
    r = [x for x in ([] if ends[0] or len(bufs[0]) > 262144 else [0]) + ([] if ends[1] or len(bufs[1]) > 262144 else [s])]
    w = ([s] if bufs[0] else []) + ([1] if bufs[1] else [])
    r, w, _ = select.select(r, w, [])
    for x, way in ((0, 0), (s, 1)):
        if x in r:
            try:
                got = os.read(0, 65536) if way == 0 else s.recv(65536)
            except BlockingIOError:
                continue
            except OSError:
                got = b''
            bufs[way] += got; ends[way] = not got
    try:
        if s in w: bufs[0] = bufs[0][s.send(bufs[0]):]
        if 1 in w: bufs[1] = bufs[1][os.write(1, bufs[1]):]
    except BlockingIOError:
        pass
    except OSError:
        break
    if ends[0] and not bufs[0] and not shut:
        shut = True
        try: s.shutdown(socket.SHUT_WR)
        except OSError: pass
`

/** A script that joins its standard streams to the server, with whatever the host has for it. */
export function pipeScript(address: ServerAddress): Script {
  const { kind, where, port } = endOf(address)
  const other =
    kind === 'unix' ? [`UNIX-CONNECT:${where}`, '-U', where] : [`TCP:${bracketed(where)}:${port}`, where, port]
  const [socat = '', ...nc] = other
  const there =
    kind === 'unix' ? sh`[ -S ${where} ] || { echo ${`${pipeMark}No such file or directory`}; exit 0; }` : raw(':')
  return sh`if command -v perl >/dev/null 2>&1; then exec perl -e ${perl} ${[kind, where, port]}
elif command -v socat >/dev/null 2>&1; then ${there}; echo ${`${pipeMark}ok`}; exec socat -t 5 - ${socat}
elif command -v nc >/dev/null 2>&1; then ${there}; echo ${`${pipeMark}ok`}; if nc -h 2>&1 | grep -q 'N.*[Ss]hutdown'; then exec nc -N ${nc}; else exec nc ${nc}; fi
elif command -v python3 >/dev/null 2>&1; then exec python3 -c ${python} ${[kind, where, port]}
else echo ${`${pipeMark}the host has none of perl, socat, nc and python3 to reach it with`}; fi`
}

/** How people write where a server is: `/var/run/postgresql/.s.PGSQL.5432` or `db1:5432`. */
export function showServer(address: ServerAddress): string {
  const { kind, where, port } = endOf(address)
  return kind === 'unix' ? where : `${bracketed(where)}:${port}`
}

function endOf(address: ServerAddress): { kind: 'unix' | 'tcp'; where: string; port: string } {
  const port = String(address.port ?? 5432)
  const host = address.host === undefined || address.host === '' ? undefined : address.host
  const socket = host?.startsWith('/') === true ? host : (address.socket ?? '/var/run/postgresql')
  const kind = host === undefined || host.startsWith('/') ? 'unix' : 'tcp'
  if (kind === 'unix' && !socket.startsWith('/'))
    throw new HostwrightError(`the socket folder "${socket}" is not an absolute path`, {
      kind: 'input',
      next: 'give login_unix_socket as /var/run/postgresql or the like',
    })
  return { kind, where: kind === 'unix' ? `${socket.replace(/\/+$/, '')}/.s.PGSQL.${port}` : (host ?? ''), port }
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}
