export { formatMode, isOctal, resolveMode } from '../../host/files/mode.ts'
