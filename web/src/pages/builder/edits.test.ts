import { describe, expect, test } from "vitest";
import type { Step } from "@/api/types";
import { copying, done, type Edit, Ids, opposite, perform, removal } from "./edits";
import { FakeServer, fork, listed, step } from "./fixtures";
import { inList, SIDES, TRUNK } from "./flow";

const YES = { parentId: "fork", branch: "true" } as const;
const NO = { parentId: "fork", branch: "false" } as const;

/** a, a fork with b, c under yes and d under no, e. The fork's "no" jumps to e, another fork in it to b. */
function campaign(): Step[] {
  return [
    ...listed(TRUNK, [step("a"), fork("fork", { false_path_step_id: "e" }), step("e")]),
    ...listed(YES, [step("b"), step("c")]),
    ...listed(NO, [fork("inner", { true_path_step_id: "b" })]),
  ];
}

/** The campaign as people see it: what each step does, its jumps by what they lead to; without ids. */
function seen(steps: readonly Step[], parentId: string | null = null): unknown[] {
  const name = (id: string | null) => {
    const found = steps.find((each) => each.id === id);
    return found && JSON.stringify([found.step_type, found.step_config]);
  };
  const lists = parentId === null ? [TRUNK] : SIDES.map(({ branch }) => ({ parentId, branch }));
  return lists.map((list) =>
    inList(steps, list).map((each) => [
      name(each.id),
      each.delay_value,
      name(each.true_path_step_id),
      name(each.false_path_step_id),
      ...(each.step_type === "conditional" ? seen(steps, each.id) : []),
    ]),
  );
}

function at(server: FakeServer, id: string): Step {
  const found = server.steps.find((each) => each.id === id);
  if (!found) throw new Error(id);
  return found;
}

async function doAndUndo(server: FakeServer, edit: Edit, ids = new Ids()) {
  const before = seen(server.steps);
  await perform(edit, server, ids);
  const after = seen(server.steps);
  await perform(opposite(edit), server, ids);
  expect(seen(server.steps)).toEqual(before);
  await perform(edit, server, ids);
  expect(seen(server.steps)).toEqual(after);
  await perform(opposite(edit), server, ids);
  expect(seen(server.steps)).toEqual(before);
  return after;
}

describe("each edit can be taken back, done again and taken back", () => {
  test("a move within a list orders the whole list", async () => {
    const server = new FakeServer(campaign());
    const from = { ...TRUNK, index: 0 };
    await doAndUndo(server, { kind: "move", id: "a", from, to: { ...TRUNK, index: 2 } });
    expect(server.calls.slice(0, 2)).toEqual(["order fork e a", "order a fork e"]);
  });

  test("a move into the middle of another list, and to its end", async () => {
    for (const index of [1, 2]) {
      const server = new FakeServer(campaign());
      const edit: Edit = {
        kind: "move",
        id: "a",
        from: { ...TRUNK, index: 0 },
        to: { ...YES, index },
      };
      await doAndUndo(server, edit);
      await perform(edit, server, new Ids());
      expect(inList(server.steps, YES).map(({ id }) => id)[index]).toBe("a");
    }
  });

  test("a deleted branch comes back whole, with the jumps within it and into it", async () => {
    const server = new FakeServer(campaign());
    const after = await doAndUndo(server, removal(server.steps, at(server, "fork")));
    expect(JSON.stringify(after)).not.toContain("conditional");
  });

  test("a deleted step comes back to its place, and what jumped there does so again", async () => {
    const server = new FakeServer(campaign());
    const edit = removal(server.steps, at(server, "e"));
    await perform(edit, server, new Ids());
    expect(at(server, "fork").false_path_step_id).toBe("e");
    await perform(opposite(edit), server, new Ids());
    expect(at(server, "fork").false_path_step_id).toBe("made-1");
    expect(inList(server.steps, TRUNK).map(({ id }) => id)).toEqual(["a", "fork", "made-1"]);
  });

  test("a copy stands after its original; jumps within it lead to the copies", async () => {
    const server = new FakeServer(campaign());
    let made = 0;
    const edit = copying(server.steps, at(server, "fork"), () => `copy-${++made}`);
    await doAndUndo(server, edit);
    await perform(edit, server, new Ids());
    const [a, original, copy, e] = inList(server.steps, TRUNK);
    expect([a?.id, original?.id, e?.id]).toEqual(["a", "fork", "e"]);
    const [first] = inList(server.steps, { parentId: copy?.id ?? "", branch: "true" });
    const [inner] = inList(server.steps, { parentId: copy?.id ?? "", branch: "false" });
    expect(copy?.false_path_step_id).toBe("e");
    expect(inner?.true_path_step_id).toBe(first?.id);
  });

  test("changed fields", async () => {
    const server = new FakeServer(campaign());
    const edit: Edit = {
      kind: "alter",
      id: "b",
      before: { delay_value: 0 },
      after: { delay_value: 3 },
    };
    expect(JSON.stringify(await doAndUndo(server, edit))).toContain(",3,");
  });
});

test("what was done to a step that is made again is taken back at the new one", async () => {
  const server = new FakeServer(campaign());
  const ids = new Ids();
  const change: Edit = {
    kind: "alter",
    id: "b",
    before: { delay_value: 0 },
    after: { delay_value: 3 },
  };
  await perform(change, server, ids);
  const deletion = removal(server.steps, at(server, "fork"));
  await perform(deletion, server, ids);
  await perform(opposite(deletion), server, ids);
  // The step is now another one, and is changed under its new id.
  const again: Edit = {
    kind: "alter",
    id: ids.now("b"),
    before: { delay_value: 3 },
    after: { delay_value: 5 },
  };
  await perform(again, server, ids);
  await perform(opposite(again), server, ids);
  await perform(deletion, server, ids);
  await perform(opposite(deletion), server, ids);
  await perform(again, server, ids);
  await perform(opposite(again), server, ids);
  await perform(opposite(change), server, ids);
  expect(seen(server.steps)).toEqual(seen(campaign()));
});

test("what others have added meanwhile stays when a move is taken back", async () => {
  const server = new FakeServer(campaign());
  const to = { ...TRUNK, index: 2 };
  const edit: Edit = { kind: "move", id: "a", from: { ...TRUNK, index: 0 }, to };
  await perform(edit, server, new Ids());
  await server.add({ step_type: "notify", step_config: {} } as Parameters<FakeServer["add"]>[0]);
  await perform(opposite(edit), server, new Ids());
  expect(inList(server.steps, TRUNK).map(({ id }) => id)).toEqual(["a", "fork", "e", "made-1"]);
});

test("a branch that cannot be made whole is taken away again", async () => {
  const server = new FakeServer(campaign());
  const ids = new Ids();
  const deletion = removal(server.steps, at(server, "fork"));
  await perform(deletion, server, ids);
  const left = seen(server.steps);
  let calls = 0;
  server.refuses = (call) => call.startsWith("add") && ++calls === 3;
  await expect(perform(opposite(deletion), server, ids)).rejects.toThrow("refused");
  expect(seen(server.steps)).toEqual(left);
  await perform(opposite(deletion), server, ids);
  expect(seen(server.steps)).toEqual(seen(campaign()));
});

test("a jump to a step that is gone for good is left out when its fork comes back", async () => {
  const server = new FakeServer(campaign());
  const ids = new Ids();
  const deletion = removal(server.steps, at(server, "fork"));
  await perform(deletion, server, ids);
  await server.remove("e");
  await perform(opposite(deletion), server, ids);
  expect(at(server, ids.now("fork")).false_path_step_id).toBeNull();
});

describe("what the editor has done", () => {
  const before = campaign();

  test("nothing, however the counts have moved", () => {
    const after = before.map((each) => ({ ...each, waiting: 5, updated_at: "later" }));
    expect(done(before, after, "a")).toBeNull();
    expect(done(before, before, null)).toBeNull();
  });

  test("changed the step: only what has changed, and nothing that others have done", () => {
    const after = before.map((each) => ({ ...each, delay_value: 2 }));
    expect(done(before, after, "a")).toEqual({
      kind: "alter",
      id: "a",
      before: { delay_value: 0 },
      after: { delay_value: 2 },
    });
  });

  test("made a step", () => {
    const after = [...before, ...listed(YES, [step("b"), step("c"), step("new")]).slice(2)];
    const edit = done(before, after, null);
    expect(edit).toMatchObject({ kind: "add", at: { ...YES, index: 2 } });
  });

  test("deleted it, with what is in it", () => {
    const after = before.filter(({ id }) => id === "a" || id === "e");
    expect(done(before, after, "fork")).toMatchObject({ kind: "remove", at: { index: 1 } });
  });
});
