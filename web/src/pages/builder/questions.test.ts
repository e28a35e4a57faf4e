import { expect, test } from "vitest";
import { removal } from "./edits";
import { fork, listed, step } from "./fixtures";
import { TRUNK } from "./flow";
import { questionFor } from "./questions";

const steps = [
  ...listed(TRUNK, [step("a"), fork("fork", { false_path_step_id: "a" })]),
  ...listed({ parentId: "fork", branch: "true" }, [step("b")]),
];
const [a, conditional, b] = steps;
if (!a || !conditional || !b) throw new Error();
const nobody = { waiting: 0, due_now: 0, will_get: 0, will_miss: 0 };

test("a step at which nobody waits goes without a question", () => {
  expect(questionFor(removal(steps, b), nobody, steps)).toBeNull();
  expect(questionFor(removal(steps, b), null, steps)).toBeNull();
});

test("those who wait are counted, with what becomes of them", () => {
  const effect = { waiting: 3, due_now: 2, will_get: 0, will_miss: 7 };
  expect(questionFor(removal(steps, b), effect, steps)?.says).toEqual([
    "3 people wait here and will go on with the next step, its delay counted from the end of the step before.",
    "For 2 people that is at once; messages still keep to their hours.",
    "7 people on the way would have come to it and will not get it.",
  ]);
});

test("what goes with a step, and what led to it, is said in a draft too", () => {
  expect(questionFor(removal(steps, conditional), null, steps)?.says).toEqual([
    "1 step in its branches is deleted with it.",
  ]);
  expect(questionFor(removal(steps, a), null, steps)?.says).toEqual([
    "Another branch goes on here. It will have nowhere to go.",
  ]);
});

test("a move is asked for where somebody would miss the step, a change where it is due at once", () => {
  const place = { ...TRUNK, index: 0 };
  const move = { kind: "move", id: "b", from: place, to: place } as const;
  expect(questionFor(move, { ...nobody, waiting: 4 }, steps)).toBeNull();
  expect(questionFor(move, { ...nobody, will_miss: 1 }, steps)?.says).toEqual([
    "1 person on the way is past the place that it moves to and will not get it.",
  ]);
  const change = { kind: "alter", id: "b", before: {}, after: {} } as const;
  expect(questionFor(change, nobody, steps)).toBeNull();
  expect(questionFor(change, { ...nobody, due_now: 2 }, steps)?.title).toContain("Tags: add b");
});
