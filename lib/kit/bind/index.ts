export { liesIn, serialOf, zoneText, type Zone } from './zone.ts'
