export { inTime } from '../../regexp/in-time.ts'
export { TimedRegExp } from '../../regexp/timed.ts'
