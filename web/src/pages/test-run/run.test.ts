import { describe, expect, test } from "vitest";
import { stepOf } from "@/api/fixtures";
import type { Step } from "@/api/types";
import { awaitedBy, bodyOf, daysOf, type Entry, isPunctual, NEW_RUN, reactionsTo } from "./run";

const step = (fields: Partial<Step>) => stepOf("1", fields);

const entry = (at: string): Entry => ({
  step_id: at,
  step_type: "wait",
  at,
  local_at: at,
  status: "done",
  content: { media_urls: [] },
  branch: null,
  variant: null,
  result: {},
  why: "",
});

describe("what the API gets", () => {
  test("a made-up contact without what was left empty, and the start on the company's clock", () => {
    const body = bodyOf({ ...NEW_RUN, start: "2026-11-23T09:00" }, [], "America/Denver");
    expect(body.start_at).toBe("2026-11-23T16:00:00.000Z");
    expect(body.contact).toMatchObject({ first_name: "Maria", stage: null, sms_consent: true });
    expect(body).not.toHaveProperty("contact_id");
  });

  test("a contact that is there instead, and nothing of steps that are gone", () => {
    const assume = [
      { step_id: "1", event: "clicked" },
      { step_id: "gone", event: "opened" },
      { step_id: "1", event: "" },
    ];
    const form = { ...NEW_RUN, who: "known" as const, contact_id: "x", assume };
    expect(bodyOf(form, [step({})], "UTC")).toEqual({
      contact_id: "x",
      assume: [{ step_id: "1", event: "clicked" }],
    });
  });
});

test("an e-mail can be opened, clicked and answered, a text answered only", () => {
  const events = (each: Step) => reactionsTo(each).map(({ event }) => event);
  expect(events(step({}))).toEqual(["opened", "clicked", "replied"]);
  expect(events(step({ step_type: "send_sms" }))).toEqual(["replied"]);
  expect(events(step({ step_type: "notify" }))).toEqual([]);
});

test("only a wait for an event awaits one", () => {
  const until = { event: "deal_won", timeout: { delay_value: 3, delay_unit: "days" } };
  expect(awaitedBy(step({ step_type: "wait", step_config: { until } }))).toBe("deal_won");
  expect(awaitedBy(step({ step_type: "wait" }))).toBeNull();
});

test("entries stand under the days of the reader's calendar, counted from the start", () => {
  const entries = ["2026-11-23T16:00:00Z", "2026-11-24T03:00:00Z", "2026-11-25T17:00:00Z"];
  const days = daysOf(entries.map(entry), "America/Denver", "2026-11-22T23:00:00Z");
  expect(days.map(({ date, number, entries }) => [date, number, entries.length])).toEqual([
    ["2026-11-23", 2, 2],
    ["2026-11-25", 4, 1],
  ]);
});

test("a reason is plain only where the step was done when it was due", () => {
  const at = "Wed 25 Nov 2026 09:00 MST";
  expect(isPunctual(`due ${at}, sent ${at}`)).toBe(true);
  expect(isPunctual(`due ${at}, waited until ${at}`)).toBe(true);
  expect(isPunctual(`due Sun 22 Nov 2026 15:57 MST, sent ${at}`)).toBe(false);
  expect(isPunctual(`waits for its window, which opens ${at}; due ${at}, sent ${at}`)).toBe(false);
});
