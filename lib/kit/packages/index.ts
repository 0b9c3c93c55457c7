export { nameComplaints, packageDiff, stepsFor } from './package-plan.ts'
