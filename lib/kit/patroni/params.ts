import { optional, secret, Type, withDefault } from '../../schema/index.ts'
import type { Secret } from '../../secret.ts'
import { httpUser, rootUrl } from '../http/client.ts'

/** Where the REST API of a member is, as the host sees it. */
export const urlParam = {
  url: withDefault(
    Type.String({ pattern: rootUrl, description: "A member's REST API, as the host sees it." }),
    'http://127.0.0.1:8008',
  ),
}

/** The same, and who may change things over it (`restapi.authentication`). */
export const apiParams = {
  ...urlParam,
  username: optional(Type.String({ pattern: httpUser, description: 'Who changes things over the REST API.' })),
  password: optional(secret({ description: 'The password of `username`.' })),
}

/** Where a member's REST API is, and who may change things over it. */
export interface Api {
  /** The address without a path: `http://127.0.0.1:8008`. */
  readonly url: string
  /** The user of `restapi.authentication`. */
  readonly username?: string | undefined
  /** The password of that user. */
  readonly password?: Secret | undefined
}
