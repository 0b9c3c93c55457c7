/**
 * The shell text that runs on the host. Each text is a single line without `'` and `!`, so that one pair of single quotes carries
 * it through any login shell (fish and csh included) and through `sudo sh -c`, `su -c` and `doas sh -c` alike.
 *
 * Names start with `_h`, because the scripts run in subshells that see them.
 */

/** Where a program says that it listens; anything before it is a login message, a password prompt or the like. */
export const readyPattern = (nonce: string): RegExp => new RegExp(`hostwright-${nonce}-ready (\\d+)\\n`)

/** Longer scripts go through a file: the shell's `read` costs a system call for each byte, a file costs one fork. */
export const longestReadScript = 2048

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

/**
 * `_ht N` copies exactly N bytes of standard input. `head` of busybox and of uutils reads ahead and would swallow what follows,
 * so the first use tries what is there.
 */
const take = [
  '_hp() { printf "ab\\n" | { "$@" >/dev/null 2>&1; IFS= read -r _hx; [ "$_hx" = b ]; }; }',
  '_ht() { if _hp head -c 1; then _ht() { head -c "$1"; }',
  'elif _hp dd bs=1 count=1 iflag=fullblock; then _ht() { _hn=$1; while [ "$_hn" -gt 0 ]; do _hb=$_hn; [ "$_hb" -gt 1048576 ] && _hb=1048576',
  'dd bs="$_hb" count=1 iflag=fullblock 2>/dev/null || return; _hn=$((_hn-_hb)); done; }',
  'else _ht() { dd bs=1 count="$1" 2>/dev/null; }; fi; _ht "$1"; }',
]

/** Reads the script's lines into `_hc`. A line that does not come means that the controller is gone: nothing is run by half. */
const readScript =
  '_hc=; while [ "$_hl" -gt 0 ]; do IFS= read -r _hx || exit 0; _hc=$_hc$_hx$_hnl; _hl=$((_hl-1)); done'

const newline = '_hnl=$(printf "\\n_"); _hnl=${_hnl%_}'

/**
 * The request loop. A request is a header `id lines bytes input`, the script as counted lines or bytes, the input, a line with the id
 * again, and a line with a mark. A reply is a header `id status out err`, where the last two say whether there is such output, and each
 * output that there is with the mark in a line of its own behind it.
 *
 * The mark is random and is read only when the script has ended, so no output can hold it. Compared with lengths it saves a fork, and a
 * file that something in the background still writes to cannot break the frame.
 *
 * Scripts write to files, so background processes they leave do not hold the wire, and a script outlives a controller that dies.
 * Output files have a new name each time, because such a process may still write to an old one.
 */
export function loopText(nonce: string): string {
  const folder = `.hostwright-${nonce}`
  return [
    ...surroundings,
    newline,
    ...take,
    // mkdir fails on anything that exists already, links included, so nobody can put a folder of theirs in the way.
    `_hm() { for _hd in /dev/shm /run /tmp /var/tmp; do _hd=$_hd/${folder}; mkdir -m 700 "$_hd" 2>/dev/null && return; done`,
    '_hd=; echo "hostwright: no folder for temporary files: /dev/shm, /run, /tmp and /var/tmp cannot be written" >&2; exit 97; }',
    '_hq() { echo "hostwright: cannot write to $_hd: is it full, or was it removed?" >&2; exit 97; }',
    // Truncating frees memory (and secrets) without a fork; removing the names can wait. `command` keeps dash from ending when the folder is gone.
    '_hw() { cat "$1" && printf "\\n%s\\n" "$_hx" || exit 0; command : 2>/dev/null >"$1"; }',
    // A second signal on the way out must not cut the cleaning short.
    '_hz() { trap "" HUP INT TERM PIPE; trap - EXIT; [ -z "$_hd" ] || rm -rf "$_hd"; exit "$1"; }',
    '_hd=; trap "_hz \\$?" EXIT HUP INT TERM PIPE',
    '_hm; _hk=0',
    ready(nonce),
    'while IFS=" " read -r _hi _hl _hs _hn; do [ -d "$_hd" ] || _hm; _hk=$((_hk+1)); _ho=$_hd/o$_hk; _he=$_hd/e$_hk; _hf=/dev/null',
    readScript,
    'if [ "$_hs" -gt 0 ]; then _ht "$_hs" >"$_hd/s" || _hq; _hc=". \\"\\$_hd/s\\""; fi',
    'if [ "$_hn" -gt 0 ]; then _hf=$_hd/i; _ht "$_hn" >"$_hf" || _hq; fi',
    'IFS= read -r _hx && [ "$_hx" = "$_hi" ] || exit 0',
    '( eval "$_hc" ) <"$_hf" >"$_ho" 2>"$_he"; _hr=$?; [ -f "$_he" ] || _hq',
    'IFS= read -r _hx || exit 0; _hu=0; [ -s "$_ho" ] && _hu=1; _hv=0; [ -s "$_he" ] && _hv=1',
    'printf "%s %s %s %s\\n" "$_hi" "$_hr" "$_hu" "$_hv" || exit 0; [ "$_hu" = 0 ] || _hw "$_ho"; [ "$_hv" = 0 ] || _hw "$_he"',
    '[ "$_hf" = /dev/null ] || command : 2>/dev/null >"$_hf"',
    'if [ "$_hk" -ge 50 ]; then rm -f "$_hd"/*; _hk=0; fi; done',
  ].join('; ')
}

/** A program for one script: a line with the number of its lines, the script, and from there on standard input is the script's own. */
export function onceText(nonce: string): string {
  return [...surroundings, newline, ready(nonce), 'read -r _hl || exit 0', readScript, 'eval "$_hc"'].join('; ')
}

/**
 * Ends a process and its descendants: asked first, then killed. It walks /proc with the shell alone, because `ps` and `pkill` are
 * not everywhere. Processes that have left the family (daemons) stay.
 */
export function endTree(pid: number): string {
  return `all=" ${pid} "
more=1
while [ -n "$more" ]; do
  more=
  for f in /proc/[0-9]*/stat; do
    { read -r s <"$f"; } 2>/dev/null || continue
    p=\${s%% *} r=\${s##*) } r=\${r#* } r=\${r%% *}
    case $all in *" $p "*) continue ;; *" $r "*) all="$all$p " more=1 ;; esac
  done
done
kill -s TERM $all 2>/dev/null
i=0
while [ $i -lt 20 ]; do
  left=
  for p in $all; do kill -s 0 "$p" 2>/dev/null && left="$left $p"; done
  [ -n "$left" ] || exit 0
  i=$((i+1))
  sleep 0.1 2>/dev/null || { sleep 1; i=$((i+9)); }
done
kill -s KILL $left 2>/dev/null`
}
