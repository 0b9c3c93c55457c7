import { raw, sh, type Script } from '../../quote.ts'

/**
 * /usr/sbin/policy-rc.d, which package scripts ask before they start a service. While packages are installed we may put one of our own in its place;
 * its second line says so, with the boot and the process that answer for it. When that process is gone (a power cut), the file is stale.
 *
 * @see https://people.debian.org/~hmh/invokerc.d-policyrc.d-specification.txt
 */
const file = '/usr/sbin/policy-rc.d'
const kept = '/usr/sbin/policy-rc.d.hostwright-kept'
const mark = '# hostwright'

/** Succeeds when a policy of ours was left behind. */
export const stalePolicyTest = raw(
  `{ [ -f ${file} ] && { read -r _x; read -r _a _b boot pid _x; } <${file} && [ "$_a $_b" = "${mark}" ] && ! { [ "$boot" = "$(cat /proc/sys/kernel/random/boot_id)" ] && [ -d "/proc/$pid" ]; }; }`,
)

const restore = `if [ -e ${kept} ]; then mv -f ${kept} ${file}; else rm -f ${file}; fi`

/** Removes what an interrupted run left. */
export const healPolicy: Script = raw(`if ${stalePolicyTest.text}; then ${restore}; fi`)

/** Puts our policy in place until the script that holds this line ends, however it ends. A foreign one is kept aside and comes back. */
export function holdPolicy(code: number): Script {
  return sh`drop_policy() { if grep -q "^${raw(mark)} [^ ]* $$ " ${file} 2>/dev/null; then ${raw(restore)}; fi; }
trap drop_policy EXIT
if [ -e ${file} ] && ! grep -q '^${raw(mark)} ' ${file}; then mv -f ${file} ${kept}; fi
printf '#!/bin/sh\n${raw(mark)} %s %s holds services back while it installs packages\nexit %s\n' "$(cat /proc/sys/kernel/random/boot_id)" "$$" ${code} >${file}.new
chmod 0755 ${file}.new && mv -f ${file}.new ${file} || exit 1`
}
