import { expect, test } from "vitest";
import { metricOf, sayVerdict, scaleOf, type Variant } from "./variants";

function version(name: string, more: Partial<Variant> = {}): Variant {
  const counts = { sent: 40, opened: 20, clicked: 4, replied: 0 };
  return {
    step_id: "1",
    name,
    ...counts,
    rate: 0.5,
    low: 0.35,
    high: 0.65,
    winner: false,
    ...more,
  };
}

test("e-mails that differ in their subjects alone are judged by opens, others by clicks", () => {
  const email = (step_config: Record<string, unknown>) =>
    metricOf({ step_type: "send_email", step_config });
  expect(email({ variants: [{ name: "A" }, { name: "B", subject: "Your roof" }] })).toBe("opened");
  expect(email({ variants: [{ name: "A" }, { name: "B", html: "<p>Hi</p>" }] })).toBe("clicked");
  expect(email({ metric: "replied", variants: [{ name: "A", html: "<p>Hi</p>" }] })).toBe(
    "replied",
  );
});

test("a text is judged by replies", () => {
  expect(metricOf({ step_type: "send_sms", step_config: { variants: [] } })).toBe("replied");
});

test("a winner is named only where there is one", () => {
  expect(sayVerdict([version("A"), version("B")])).toBe(
    "No winner yet: the numbers do not support one.",
  );
  expect(sayVerdict([version("A"), version("B", { winner: true })])).toBe(
    "“B” is the winner: the numbers support it.",
  );
  expect(sayVerdict([version("A", { sent: 0 })])).toBe("Nothing was sent in this time.");
});

test("the scale holds every interval", () => {
  expect(scaleOf([version("A"), version("B", { high: 0.12 })])).toBe(0.75);
  expect(scaleOf([version("A", { high: 0.012 })])).toBe(0.02);
  expect(scaleOf([version("A", { rate: null, low: null, high: null })])).toBe(0);
});
