/**
 * The shell text that runs on the host. Each text is a single line without `'` and `!`, so that one pair of single quotes carries
 * it through any login shell (fish and csh included) and through `sudo sh -c`, `su -c` and `doas sh -c` alike.
 *
 * Names start with `_h`, because the scripts run in subshells that see them.
 */

/** The line with which a program says that it reads requests. Text before it is a login message, a password prompt or the like. */
export const readyPattern = (nonce: string): RegExp => new RegExp(`hostwright-${nonce}-ready (\\d+)\\n`)

/** Longer texts go through a file: the shell's `read` costs a system call for each byte, a file costs one fork. */
export const longestReadText = 2048

/**
 * The system tools' English for our parsers, their folders, and a folder that can be entered: sudo keeps the login user's,
 * which the become user often may not see.
 */
const surroundings = [
  'LC_ALL=C; export LC_ALL',
  'PATH=${PATH:-/usr/local/bin:/usr/bin:/bin}:/usr/local/sbin:/usr/sbin:/sbin; export PATH',
  '{ [ -r . ] && [ -x . ] || cd "$HOME" || cd /; } 2>/dev/null',
]

const ready = (nonce: string) => `printf "\\nhostwright-%s-ready %s\\n" ${nonce} "$$"`

const preludeLines = 12

/**
 * What is written to a program first, which reads it and expects exactly that. If the host starts something else in its place that reads passwords (`passwd`,
 * when one has expired), then this is all that it gets before it gives up: no two lines are alike, so they are no new password either.
 */
export function prelude(nonce: string): string {
  return Array.from({ length: preludeLines }, (_, i) => `${nonce} ${i + 1}\n`).join('')
}

const readPrelude = (nonce: string) =>
  `_hj=0; while [ "$_hj" -lt ${preludeLines} ]; do _hj=$((_hj+1)); IFS= read -r _hx || exit 0; ` +
  `[ "$_hx" = "${nonce} $_hj" ] || { echo "hostwright: something else has read what was meant for the shell" >&2; exit 97; }; done`

/**
 * `_ht N` copies exactly N bytes of standard input. `head` of busybox and of uutils reads ahead and would swallow what follows,
 * so the first use tries what is there.
 */
const take = [
  '_hp() { printf "ab\\n" | { "$@" >/dev/null 2>&1; IFS= read -r _hx; [ "$_hx" = b ]; }; }',
  '_ht() { if _hp head -c 1; then _ht() { head -c "$1"; }',
  'elif _hp dd bs=1 count=1 iflag=fullblock; then _ht() { _hj=$1; while [ "$_hj" -gt 0 ]; do _hx=$_hj; [ "$_hx" -gt 1048576 ] && _hx=1048576',
  'dd bs="$_hx" count=1 iflag=fullblock 2>/dev/null || return; _hj=$((_hj-_hx)); done; }',
  'else _ht() { dd bs=1 count="$1" 2>/dev/null; }; fi; _ht "$1"; }',
]

/** Reads counted lines into `_hc`. A line that does not come means that the controller is gone: nothing is run by half. */
const readText = '_hc=; while [ "$_hl" -gt 0 ]; do IFS= read -r _hx || exit 0; _hc=$_hc$_hx$_hnl; _hl=$((_hl-1)); done'

const newline = '_hnl=$(printf "\\n_"); _hnl=${_hnl%_}'

/**
 * `_hr SCRIPT` runs one request of a group and says at once how it ended: `id status out err`, where the last two tell whether there is such output.
 *
 * Scripts write to files, so background processes they leave do not hold the wire, and a script outlives a controller that dies.
 * Output files have a new name each time, because such a process may still write to an old one.
 */
const runRequest = [
  '_hr() { _hc=$1; shift; _hk=$((_hk+1)); _ho=$_hd/o$_hk; _he=$_hd/e$_hk',
  '( eval "$_hc" ) <"$_hf" >"$_ho" 2>"$_he"; _hs=$?; [ -f "$_he" ] || _hq',
  '_hu=0; if [ -s "$_ho" ]; then _hu=1; _hp="$_hp $_ho $_hd/m"; _hw="$_hw >$_ho"; fi',
  '_hv=0; if [ -s "$_he" ]; then _hv=1; _hp="$_hp $_he $_hd/m"; _hw="$_hw >$_he"; fi',
  'printf "%s %s %s %s\\n" "$_hi" "$_hs" "$_hu" "$_hv" || exit 0; _hi=$((_hi+1))',
  '[ "$_hf" = /dev/null ] || command : 2>/dev/null >"$_hf"; _hf=/dev/null; }',
]

/** `_hn BYTES` takes the input of the next request from the wire, where a line with a dot ends it. */
const takeInput = '_hn() { _hf=$_hd/i; _ht "$1" >"$_hf" || _hq; IFS= read -r _hx && [ "$_hx" = . ] || exit 0; }'

/**
 * Sends the outputs of a group, each with the mark in a line of its own behind it, in one process for all of them: a process costs more than all that the
 * loop does for a request besides. Truncating frees memory (and secrets) without one. `command` keeps dash from ending when the folder is gone.
 */
const sendOutputs =
  'if [ -n "$_hp" ]; then printf "\\n%s\\n" "$_hx" >"$_hd/m" || _hq; eval "cat $_hp" || exit 0; eval "command : $_hw" 2>/dev/null; fi'

/**
 * `_hg` removes the folders of loops that were killed (by SIGKILL, or for want of memory) before they could do so themselves. A file in each says whose it is: the
 * process, which must be gone (or be no shell any more), and when the first process of its namespace began, as containers may share a folder but not their processes.
 *
 * It decides from inside, where nobody else can have made anything: what leads to another place by that name has no such file. It runs when nobody waits any more.
 */
const tidy = [
  '_hb() { _hx=; { read -r _hx </proc/1/stat; } 2>/dev/null; set -- ${_hx##*) }; _hx=${20}; }',
  '_ha() { _hi=; read -r _hi _he _hk <"$1/.owner" && [ "$_hi" -gt 0 ] || return 1; _hx=; read -r _hx <"/proc/$_hi/comm"; _hj=-; read -r _hj <"/proc/$$/comm"; [ "$_hx" = "$_hj" ] && return 1; return 0; }',
  '_hg() { for _ho in "${_hd%/*}"/.hostwright-*; do if [ "$_ho" = "$_hd" ]; then continue; fi; [ -O "$_ho" ] && _ha "$_ho" || continue',
  '( cd -P "$_ho" && [ -O . ] && _ha . && [ "$_hk" = "${_ho##*/.hostwright-}" ] || exit 0; _hb; [ -n "$_hx" ] && [ "$_hx" = "$_he" ] || exit 0',
  'rm -f ./* ./.owner; cd / && rmdir "$_ho" ) </dev/null; done; } 2>/dev/null',
]

/**
 * The request loop. A group of requests is a header `id lines bytes`, a text as counted lines or bytes that runs the requests one after the other, a line with
 * the id of the first again, their inputs, and a line with a mark. The answer is a line for each request and then the outputs.
 *
 * The mark is random and is read only when the scripts have ended, so no output can hold it. Compared with lengths it saves a process, and a
 * file that something in the background still writes to cannot break the frame.
 */
export function loopText(nonce: string): string {
  const folder = `.hostwright-${nonce}`
  return [
    ...surroundings,
    newline,
    ...take,
    ...tidy,
    // mkdir fails on anything that exists already, links included, so nobody can put a folder of theirs in the way.
    `_hm() { for _hd in /dev/shm /run /tmp /var/tmp; do _hd=$_hd/${folder}; mkdir -m 700 "$_hd" 2>/dev/null || continue`,
    `_hb; echo "$$ \${_hx:--} ${nonce}" 2>/dev/null >"$_hd/.owner"; return; done`,
    '_hd=; echo "hostwright: no folder for temporary files: /dev/shm, /run, /tmp and /var/tmp cannot be written" >&2; exit 97; }',
    '_hq() { echo "hostwright: cannot write to $_hd: is it full, or was it removed?" >&2; exit 97; }',
    // A second signal on the way out must not cut the cleaning short.
    '_hz() { trap "" HUP INT TERM PIPE; trap - EXIT; [ -z "$_hd" ] || { _hg; rm -rf "$_hd"; }; exit "$1"; }',
    '_hd=; trap "_hz \\$?" EXIT HUP INT TERM PIPE',
    ...runRequest,
    takeInput,
    '_hm; _hk=0',
    ready(nonce),
    readPrelude(nonce),
    'while IFS=" " read -r _hi _hl _hb; do [ -d "$_hd" ] || _hm; _hf=/dev/null; _hp=; _hw=',
    `if [ "$_hb" -gt 0 ]; then _ht "$_hb" >"$_hd/s" || _hq; _hc=". $_hd/s"; else ${readText}; fi`,
    'IFS= read -r _hx && [ "$_hx" = "$_hi" ] || exit 0',
    'eval "$_hc"; IFS= read -r _hx || exit 0',
    sendOutputs,
    '[ "$_hb" = 0 ] || command : 2>/dev/null >"$_hd/s"',
    'if [ "$_hk" -ge 50 ]; then rm -f "$_hd"/*; _hk=0; fi; done',
  ].join('; ')
}

/** A program for one script: a line with the number of its lines, the script, and from there on standard input is the script's own. */
export function onceText(nonce: string): string {
  return [
    ...surroundings,
    newline,
    ready(nonce),
    readPrelude(nonce),
    'read -r _hl || exit 0',
    readText,
    'eval "$_hc"',
  ].join('; ')
}
