import { describe, expect, test } from "vitest";
import { headersOf, readBody, showBody, writeHeaders } from "./forms/webhook";
import { bodyOf, changesBetween, configured, newValues } from "./stepValues";

const draft = { parent_step_id: null, branch: null, step_order: 2 } as const;

describe("what goes to the API", () => {
  test("only what has changed", () => {
    const before = newValues({ ...draft, step_type: "create_task" });
    expect(changesBetween(before, { ...before, delay_value: 3 })).toEqual({ delay_value: 3 });
    expect(changesBetween(before, before)).toEqual({});
  });

  test("a branch without conditions always holds, other steps have none", () => {
    expect(bodyOf(newValues({ ...draft, step_type: "conditional" })).conditions).toEqual({
      all: [],
    });
    expect(bodyOf(newValues({ ...draft, step_type: "wait" })).conditions).toBeNull();
  });

  test("no blank texts, and everything else as it was", () => {
    const config = { subject: "Hi", html: "", unknown: 1 };
    expect(configured(config, { subject: "", text: "a", add: [] })).toEqual({
      html: "",
      unknown: 1,
      text: "a",
    });
  });
});

test("a new step waits a day, the first one does not", () => {
  const email = { ...draft, step_type: "send_email" } as const;
  expect(newValues(email)).toMatchObject({ delay_value: 1, delay_unit: "days" });
  expect(newValues({ ...email, step_order: 1 }).delay_value).toBe(0);
});

describe("a webhook", () => {
  test.each([
    [{ a: ["{{ x }}"] }],
    ["plain {{ x }}"],
    [[1, 2]],
    ['"quoted"'],
    [undefined],
  ])("keeps its body %j", (body) => {
    expect(readBody(showBody(body))).toEqual(body);
  });

  test("has the headers that have a name", () => {
    expect(
      writeHeaders([
        ["X-A", "1"],
        ["", "2"],
      ]),
    ).toEqual({ "X-A": "1" });
    expect(writeHeaders([["", ""]])).toBeUndefined();
    expect(headersOf({ headers: { "X-A": "1" } })).toEqual([["X-A", "1"]]);
  });
});
