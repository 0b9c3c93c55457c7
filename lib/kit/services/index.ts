export { planService, unitParam } from './service-plan.ts'
