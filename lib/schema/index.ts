export * from './types.ts'
export { coerce } from './coerce.ts'
export { didYouMean, nearest } from './nearest.ts'
export { validate, type Problem, type Validated } from './validate.ts'
