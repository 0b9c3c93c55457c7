export { hostNameComplaint, staticHostName } from './host-name.ts'
