import { STEP_UPS, type StepUp } from '@ironforge/contracts';

/** The strictest of what several rules ask for; null when none asks. */
export function strictestStepUp(asked: readonly (StepUp | null | undefined)[]): StepUp | null {
  return STEP_UPS.findLast((one) => asked.includes(one)) ?? null;
}
