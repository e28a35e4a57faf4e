/** A campaign's steps as lists: the trunk, and the two branches of each conditional. */

import type { Schemas } from "@/api/client";
import type { Step } from "@/api/types";

export type Branch = Schemas["Branch"];

/** What somebody has made of a step, without what became of it. */
export type Definition = Pick<
  Step,
  | "id"
  | "step_type"
  | "step_order"
  | "step_config"
  | "delay_value"
  | "delay_unit"
  | "parent_step_id"
  | "branch"
  | "conditions"
  | "true_path_step_id"
  | "false_path_step_id"
  | "on_failure"
>;

/** The trunk (nulls), or one branch of a conditional. */
export interface List {
  parentId: string | null;
  branch: Branch | null;
}

/** Before the step that is at `index` in a list; at its end where there is none. */
export interface Place extends List {
  index: number;
}

/** The sides of a conditional, from left to right, and the fields that hold their jumps. */
export const SIDES = [
  { branch: "true", path: "true_path_step_id", word: "Yes" },
  { branch: "false", path: "false_path_step_id", word: "No" },
] as const;

export const TRUNK: List = { parentId: null, branch: null };

export function isSameList(one: List, other: List): boolean {
  return one.parentId === other.parentId && one.branch === other.branch;
}

export function listOf(step: Definition): List {
  return { parentId: step.parent_step_id, branch: step.branch };
}

/** The steps of a list in their order. */
export function inList<Each extends Definition>(steps: readonly Each[], list: List): Each[] {
  return steps
    .filter((step) => isSameList(listOf(step), list))
    .sort((one, other) => one.step_order - other.step_order);
}

/** Where a step is. */
export function placeOf(steps: readonly Definition[], step: Definition): Place {
  const list = listOf(step);
  return { ...list, index: inList(steps, list).findIndex(({ id }) => id === step.id) };
}

/** The `step_order` that puts a step at a place; undefined at the end of its list. */
export function orderAt(steps: readonly Definition[], place: Place): number | undefined {
  return inList(steps, place)[place.index]?.step_order;
}

/** A step and all that is in its branches, each before what is in it. */
export function treeOf<Each extends Definition>(steps: readonly Each[], root: Each): Each[] {
  const inner = SIDES.flatMap(({ branch }) => inList(steps, { parentId: root.id, branch }));
  return [root, ...inner.flatMap((step) => treeOf(steps, step))];
}

/** Whether a step may be moved to a place: not into itself, and not to where it is. */
export function mayMoveTo(steps: readonly Definition[], step: Definition, place: Place): boolean {
  if (treeOf(steps, step).some(({ id }) => id === place.parentId)) return false;
  const here = placeOf(steps, step);
  return !(
    isSameList(here, place) &&
    (place.index === here.index || place.index === here.index + 1)
  );
}

/** A place as it counts once the step has been taken out of its list. */
export function withoutItself(steps: readonly Definition[], step: Definition, to: Place): Place {
  const here = placeOf(steps, step);
  return isSameList(here, to) && to.index > here.index ? { ...to, index: to.index - 1 } : to;
}

/** One place up or down in its list; at the end of a branch out of it; null at the ends of the trunk. */
export function neighbour(
  steps: readonly Definition[],
  step: Definition,
  by: "up" | "down",
): Place | null {
  const here = placeOf(steps, step);
  const index = by === "up" ? here.index - 1 : here.index + 1;
  if (index >= 0 && index < inList(steps, here).length) return { ...here, index };
  const parent = steps.find(({ id }) => id === step.parent_step_id);
  if (!parent) return null;
  const out = placeOf(steps, parent);
  return by === "up" ? out : { ...out, index: out.index + 1 };
}
