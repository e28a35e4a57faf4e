/** What was done, and what was taken back: the two stacks of undo and redo. */

const MOST = 100;

export interface History<Entry> {
  done: readonly Entry[];
  undone: readonly Entry[];
}

export const NOTHING_DONE: History<never> = { done: [], undone: [] };

/** Something new was done: what was taken back before is given up. */
export function did<Entry>(history: History<Entry>, entry: Entry): History<Entry> {
  return { done: [...history.done, entry].slice(-MOST), undone: [] };
}

/** The last one was taken back. */
export function tookBack<Entry>({ done, undone }: History<Entry>): History<Entry> {
  return { done: done.slice(0, -1), undone: [...undone, ...done.slice(-1)] };
}

/** The last one that was taken back was done again. */
export function didAgain<Entry>({ done, undone }: History<Entry>): History<Entry> {
  return { done: [...done, ...undone.slice(-1)], undone: undone.slice(0, -1) };
}
