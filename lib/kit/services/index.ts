export { planService, unitParam, type ServiceResult, type WantedService } from './service-plan.ts'
