import { ChangedSincePlan } from '../../host/changed-since.ts'
import type { Host } from '../../host/host.ts'

/**
 * Puts a file back as it was before this apply wrote it, or takes it away again where there was none.
 *
 * @returns false when others have changed it since: it is left as they made it.
 */
export async function putBack(host: Host, path: string, before: string | undefined): Promise<boolean> {
  try {
    if (before === undefined) await host.files.remove(path)
    else await host.files.write(path, Buffer.from(before))
    return true
  } catch (error) {
    if (error instanceof ChangedSincePlan) return false
    throw error
  }
}
