export { formatMode, isOctal, type ModeBase, resolveMode } from '../../host/files/mode.ts'
