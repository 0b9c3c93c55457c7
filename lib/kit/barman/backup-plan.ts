import type { Backup, Catalogue } from './catalogue.ts'
import { endOf } from './catalogue.ts'

/** Which backup is wanted. */
export interface BackupWish {
  /** Seconds after which a backup no longer counts. */
  readonly maxAge: number | undefined
  /** Whether one is taken even if there is one that counts. */
  readonly force: boolean
  /** Whether one that still waits for WAL is to be brought to its end. */
  readonly wait: boolean
  /** Whether backups that failed are removed. */
  readonly removeFailed: boolean
}

/** The plan for a wanted backup. */
export interface BackupWork {
  /** Whether one is taken. */
  readonly take: boolean
  /** The newest that counts. */
  readonly latest: Backup | undefined
  /** The newest that counts still waits for its WAL. */
  readonly finish: boolean
  /** The failed ones that are removed. */
  readonly remove: readonly Backup[]
}

const usable = ['DONE', 'WAITING_FOR_WALS']

/** What there is to do about a server's backups. */
export function backupWork({ now, backups }: Catalogue, wish: BackupWish): BackupWork {
  const latest = newest(backups.filter(({ status }) => usable.includes(status)))
  const { maxAge } = wish
  const tooOld = latest !== undefined && maxAge !== undefined && now - endOf(latest) > maxAge
  const take = wish.force || latest === undefined || tooOld
  return {
    take,
    latest,
    finish: !take && wish.wait && latest.status === 'WAITING_FOR_WALS',
    remove: wish.removeFailed ? backups.filter(({ status }) => status === 'FAILED') : [],
  }
}

/** The newest backup that can be restored; undefined when there is none. */
export function newestDone(backups: readonly Backup[]): Backup | undefined {
  return newest(backups.filter(({ status }) => status === 'DONE'))
}

function newest(backups: readonly Backup[]): Backup | undefined {
  return backups.at(-1)
}
