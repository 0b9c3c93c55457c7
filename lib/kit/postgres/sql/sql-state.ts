export { sqlState } from '../../../host/postgres/trouble.ts'
