export { get, type HttpRequest, type HttpResponse, httpUser, rootUrl, send } from './client.ts'
