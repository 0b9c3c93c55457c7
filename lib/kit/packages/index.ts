export {
  nameComplaints,
  packageDiff,
  stepsFor,
  type PackageStep,
  type PackageWish,
  type Wanted,
} from './package-plan.ts'
