export { serialOf, zoneText } from './zone.ts'
