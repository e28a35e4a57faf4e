/** What is asked before an edit that means something to people who are on their way. */

import { counted } from "@/format/format";
import { stepTitle } from "@/format/steps";
import type { Edit } from "./edits";
import type { Definition } from "./flow";
import type { Effect } from "./server";

export interface Question {
  title: string;
  says: string[];
  yes: string;
}

/** What to ask; null where nobody is concerned and nothing else goes with it. */
export function questionFor(
  edit: Edit,
  effect: Effect | null,
  steps: readonly Definition[],
): Question | null {
  switch (edit.kind) {
    case "add":
      return null;
    case "remove": {
      const [root, ...inner] = edit.tree;
      if (!root) return null;
      const says = [
        inner.length > 0 &&
          `${counted(inner.length, "step")} in its branches ${is(inner.length)} deleted with it.`,
        edit.jumps.some(({ from }) => !edit.tree.some(({ id }) => id === from)) &&
          "Another branch goes on here. It will have nowhere to go.",
        ...sayRemoval(effect),
      ].filter((each) => each !== false);
      return says.length > 0
        ? { title: `Delete “${stepTitle(root)}”?`, says, yes: "Delete" }
        : null;
    }
    case "move": {
      const missing = effect?.will_miss ?? 0;
      return missing > 0
        ? {
            title: `Move “${titleIn(steps, edit.id)}”?`,
            says: [
              `${people(missing)} on the way ${is(missing)} past the place that it moves to and will not get it.`,
            ],
            yes: "Move",
          }
        : null;
    }
    case "alter": {
      const due = effect?.due_now ?? 0;
      return due > 0
        ? {
            title: `Change “${titleIn(steps, edit.id)}” back?`,
            says: [
              `It would be due at once for ${people(due)} who ${due === 1 ? "waits" : "wait"} for it.`,
            ],
            yes: "Change",
          }
        : null;
    }
  }
}

function sayRemoval(effect: Effect | null): string[] {
  if (!effect) return [];
  const waiting = effect.waiting ?? 0;
  const due = effect.due_now ?? 0;
  const missing = effect.will_miss ?? 0;
  const says = [];
  if (waiting > 0)
    says.push(
      `${people(waiting)} ${waiting === 1 ? "waits" : "wait"} here and will go on with the next step, its delay counted from the end of the step before.`,
    );
  if (due) says.push(`For ${people(due)} that is at once; messages still keep to their hours.`);
  if (missing > waiting)
    says.push(`${people(missing)} on the way would have come to it and will not get it.`);
  return says;
}

function titleIn(steps: readonly Definition[], id: string): string {
  const step = steps.find((each) => each.id === id);
  return step ? stepTitle(step) : "this step";
}

function people(count: number): string {
  return counted(count, "person", "people");
}

function is(count: number): string {
  return count === 1 ? "is" : "are";
}
