/** When tasks are due. */

import type { Task } from "@/api/types";

type Due = Pick<Task, "status" | "due_at">;

/** Whether it should have been done. */
export function isOverdue({ status, due_at }: Due, now = Date.now()): boolean {
  return status === "open" && due_at !== null && Date.parse(due_at) < now;
}

/** Open ones in the order in which they are due, those without a day last; the others as they came. */
export function inOrder<Each extends Due>(tasks: readonly Each[]): Each[] {
  return [...tasks].sort((one, other) =>
    one.status === "open" && other.status === "open" ? dueOf(one) - dueOf(other) : 0,
  );
}

function dueOf({ due_at }: Due): number {
  return due_at === null ? Number.MAX_SAFE_INTEGER : Date.parse(due_at);
}
