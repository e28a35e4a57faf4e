/** Which steps an enrollment still has before it, and all steps as people read them. */

import type { Step } from "@/api/types";
import { stepTitle } from "@/format/steps";
import { type Branch, inList, listOf, SIDES, TRUNK } from "@/pages/builder/flow";

export interface Ahead {
  step: Step;
  /** Under which answer of the branch above it stands, if it is not decided yet whether it comes. */
  branch: Branch | null;
  depth: number;
}

/**
 * What comes after a step, in the order of reading: the rest of its list, then of those around it.
 * Below a branch that is not decided yet stand both of its sides.
 */
export function stepsAhead(steps: readonly Step[], current: string | null): Ahead[] {
  const step = steps.find(({ id }) => id === current);
  if (!step || step.step_type === "exit_campaign") return [];
  const inside = step.step_type === "conditional" ? sides(steps, step, 0) : [];
  return [...inside, ...following(steps, step)];
}

function following(steps: readonly Step[], step: Step): Ahead[] {
  const later = inList(steps, listOf(step)).filter(
    ({ step_order }) => step_order > step.step_order,
  );
  const parent = steps.find(({ id }) => id === step.parent_step_id);
  const rest = untilExit(later).flatMap((each) => withSides(steps, each, null, 0));
  const ends = later.some(({ step_type }) => step_type === "exit_campaign");
  return parent && !ends ? [...rest, ...following(steps, parent)] : rest;
}

function withSides(
  steps: readonly Step[],
  step: Step,
  branch: Ahead["branch"],
  depth: number,
): Ahead[] {
  const below = step.step_type === "conditional" ? sides(steps, step, depth + 1) : [];
  return [{ step, branch, depth }, ...below];
}

/** What stands on the sides of a branch; where a side leads elsewhere, what stands there is never come to. */
function sides(steps: readonly Step[], fork: Step, depth: number): Ahead[] {
  return SIDES.flatMap(({ branch, path }) => {
    const inside = fork[path] ? [] : inList(steps, { parentId: fork.id, branch });
    return inside.flatMap((each) => withSides(steps, each, branch, depth));
  });
}

function untilExit(steps: Step[]): Step[] {
  const exit = steps.findIndex(({ step_type }) => step_type === "exit_campaign");
  return exit < 0 ? steps : steps.slice(0, exit + 1);
}

/** All steps as people read them: after a branch what is on its sides. */
export function inOrder(steps: readonly Step[]): Ahead[] {
  return inList(steps, TRUNK).flatMap((each) => withSides(steps, each, null, 0));
}

/** "3. Wait: 3 days", and within a branch "If yes: E-mail: …", further in the deeper it stands. */
export function stepChoices(steps: readonly Step[]): { value: string; label: string }[] {
  let number = 0;
  return inOrder(steps).map(({ step, branch, depth }) => {
    const place = branch ? `${branch === "true" ? "If yes" : "If no"}: ` : `${++number}. `;
    return { value: step.id, label: `${"\u2003".repeat(depth)}${place}${stepTitle(step)}` };
  });
}
