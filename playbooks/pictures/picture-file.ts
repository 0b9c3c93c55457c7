import { resolve } from 'node:path'
import type { Chain, Results, Scope } from '../../lib/index.ts'
import { copy } from '../../modules/copy.ts'
import { file } from '../../modules/file.ts'
import { pictureMermaid, type Picture } from './picture.ts'

/** Writes a picture for documents, where the variable `picture` says. It is no part of the system: writing it is no change. */
export const pictureFile =
  <V extends { readonly picture?: string }, R extends Results>(
    draw: (here: Scope<V, R>) => Picture,
    whose: { readonly run_once?: boolean } = {},
  ) =>
  <H extends string>(chain: Chain<V, R, H>) => {
    const hereOnly = { ...whose, delegate_to: 'localhost', become: false, changed_when: () => false } as const
    return chain
      .task(
        'A folder for the picture',
        ({ vars: { picture } }) => picture !== undefined && file({ path: resolve(picture, '..'), state: 'directory' }),
        hereOnly,
      )
      .task(
        'The picture, for documents',
        (here) =>
          here.vars.picture !== undefined &&
          copy({ dest: resolve(here.vars.picture), content: pictureMermaid(draw(here)) }),
        hereOnly,
      )
  }
