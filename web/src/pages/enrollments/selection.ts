/** Which enrollments of a list are chosen: some of them, or all that fit, whatever page they are on. */

export type Selection = ReadonlySet<string> | "all";

export const NOBODY: Selection = new Set();

export function isChosen(selection: Selection, id: string): boolean {
  return selection === "all" || selection.has(id);
}

/** With one more, or without it. Whoever takes one out of all keeps the others of the page. */
export function toggled(selection: Selection, id: string, onPage: readonly string[]): Selection {
  const ids = new Set(selection === "all" ? onPage : selection);
  if (!ids.delete(id)) ids.add(id);
  return ids;
}

/** With all of the page, or without them if they are chosen already. */
export function pageToggled(selection: Selection, onPage: readonly string[]): Selection {
  if (selection === "all") return NOBODY;
  const ids = new Set(selection);
  const whole = onPage.every((id) => ids.has(id));
  for (const id of onPage) whole ? ids.delete(id) : ids.add(id);
  return ids;
}
