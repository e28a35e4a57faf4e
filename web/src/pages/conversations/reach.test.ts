import { describe, expect, test } from "vitest";
import type { Problem } from "@/api/client";
import { firstChannel, holdsUntil, reasonAgainst, sayRefusal } from "./reach";

const ann = {
  email: "ann@home.example",
  phone: "+13035550141",
  email_opt_out: false,
  sms_opt_out: false,
  sms_consent: true,
};

function refused(code: string, detail: string, available_at?: string): Problem {
  return { type: "about:blank", title: "Conflict", status: 409, code, detail, available_at };
}

describe("reasonAgainst", () => {
  test("nothing stands in the way of one who agreed", () => {
    expect(reasonAgainst("sms", ann, "Ann")).toBeNull();
    expect(reasonAgainst("email", ann, "Ann")).toBeNull();
  });

  test("the address comes before the opt-out, and that before the consent", () => {
    const nobody = { ...ann, email: null, phone: null, email_opt_out: true, sms_opt_out: true };
    expect(reasonAgainst("email", nobody, "Ann")).toBe("Ann has no e-mail address.");
    expect(reasonAgainst("sms", nobody, "Ann")).toBe("Ann has no phone number.");
    const out = { ...ann, email_opt_out: true, sms_opt_out: true, sms_consent: false };
    expect(reasonAgainst("email", out, "Ann")).toBe("Ann has opted out of e-mail.");
    expect(reasonAgainst("sms", out, "Ann")).toBe("Ann has opted out of texts.");
    expect(reasonAgainst("sms", { ...ann, sms_consent: false }, "Ann")).toMatch(/not agreed/);
  });
});

test("an answer goes the way that the last word came, if it can", () => {
  expect(firstChannel(ann, "email")).toBe("email");
  expect(firstChannel(ann, undefined)).toBe("sms");
  expect(firstChannel({ ...ann, email_opt_out: true }, "email")).toBe("sms");
  expect(firstChannel({ ...ann, email: null, phone: null }, "sms")).toBe("email");
});

describe("sayRefusal", () => {
  test("outside the hours of texts it says when, in the company's zone, and holds until then", () => {
    const late = refused("outside_texting_hours", "no text now", "2026-11-23T15:00:00Z");
    expect(sayRefusal(late, "Ann", "America/Denver")).toContain("Mon, Nov 23, 8:00 AM MST");
    expect(holdsUntil(late)).toBe(Date.parse("2026-11-23T15:00:00Z"));
  });

  test("a suppressed address says why", () => {
    const bounced = refused("suppressed", "the e-mail address is suppressed: hard_bounce");
    expect(sayRefusal(bounced, "Ann", "UTC")).toBe(
      "Nothing goes to this address: messages to it come back.",
    );
    expect(holdsUntil(bounced)).toBeNull();
  });

  test("anything else is what the API says, as a sentence", () => {
    expect(sayRefusal(refused("other", "texts are not configured"), "Ann", "UTC")).toBe(
      "Texts are not configured.",
    );
  });
});
