import { expect, test } from "vitest";
import { inOrder, isOverdue } from "./due";

const NOW = Date.parse("2026-11-23T16:00:00Z");
const open = (due_at: string | null) => ({ status: "open" as const, due_at });

test("only what is open and past its time is overdue", () => {
  const past = "2026-11-23T15:59:59Z";
  expect(isOverdue(open(past), NOW)).toBe(true);
  expect(isOverdue(open("2026-11-23T16:00:01Z"), NOW)).toBe(false);
  expect(isOverdue(open(null), NOW)).toBe(false);
  expect(isOverdue({ status: "completed", due_at: past }, NOW)).toBe(false);
});

test("what is due first stands first, what has no day last", () => {
  const [late, early, never] = [
    open("2026-11-30T00:00:00Z"),
    open("2026-11-24T00:00:00Z"),
    open(null),
  ];
  expect(inOrder([never, late, early])).toEqual([early, late, never]);
});
