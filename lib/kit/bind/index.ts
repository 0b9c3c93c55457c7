export { liesIn, serialOf, zoneText } from './zone.ts'
