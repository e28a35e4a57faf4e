/** The steps of a funnel as people read them. */

import type { Schemas } from "@/api/client";
import type { Step } from "@/api/types";
import { stepTitle } from "@/format/steps";
import { STEP_TYPES } from "@/format/words";

export type FunnelStep = Schemas["FunnelStep"];

type Known = Pick<
  Step,
  | "id"
  | "step_type"
  | "step_config"
  | "conditions"
  | "delay_value"
  | "delay_unit"
  | "parent_step_id"
  | "branch"
>;

export interface Row {
  counts: FunnelStep;
  /** "3." on the trunk, "If yes:" on a side of a branch. */
  place: string;
  title: string;
  /** How many branches it stands within. */
  depth: number;
}

/** A report has the steps in the order of reading. Until the steps are there, their types stand for them. */
export function rowsOf(funnel: readonly FunnelStep[], steps: readonly Known[]): Row[] {
  const byId = new Map(steps.map((step) => [step.id, step]));
  let number = 0;
  return funnel.map((counts) => {
    const step = byId.get(counts.step_id);
    if (!step) return { counts, place: "", title: STEP_TYPES[counts.step_type], depth: 0 };
    const place = step.branch ? SIDES[step.branch] : `${++number}.`;
    return { counts, place, title: stepTitle(step), depth: depthOf(step, byId) };
  });
}

const SIDES = { true: "If yes:", false: "If no:" } as const;

function depthOf(step: Known, byId: ReadonlyMap<string, Known>): number {
  const parent = byId.get(step.parent_step_id ?? "");
  return parent ? depthOf(parent, byId) + 1 : 0;
}
