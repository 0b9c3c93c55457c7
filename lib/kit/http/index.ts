export { get, httpUser, rootUrl, send } from './client.ts'
