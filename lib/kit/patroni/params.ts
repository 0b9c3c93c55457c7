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

export interface Api {
  readonly url: string
  readonly username?: string | undefined
  readonly password?: Secret | undefined
}
