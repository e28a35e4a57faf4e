// @vitest-environment jsdom

import { expect, test } from "vitest";
import { contentOf, excerptOf, formOf, type MessageTemplate } from "./messageTemplates";

const EMAIL: MessageTemplate = {
  id: "1",
  name: "Welcome",
  channel: "email",
  subject: "Your roof",
  html: "<p>Hi {{ first_name }},</p><p>we come tomorrow.</p>",
  body: null,
  created_at: "2026-11-22T09:00:00Z",
  updated_at: "2026-11-22T09:00:00Z",
};

test("an e-mail that is not changed says the same", () => {
  const { subject, html, body } = EMAIL;
  expect(contentOf(formOf(EMAIL), "email")).toEqual({ subject, html, body });
});

test("what was emptied is none", () => {
  const form = { ...formOf(EMAIL), html: " ", body: "Hi" };
  expect(contentOf(form, "email")).toEqual({ subject: "Your roof", html: null, body: "Hi" });
});

test("a text has no subject", () => {
  expect(contentOf({ ...formOf(undefined), body: "Hi" }, "sms")).toEqual({ body: "Hi" });
});

test("an excerpt is one line of words", () => {
  expect(excerptOf(EMAIL)).toBe("Your roof – Hi {{ first_name }}, we come tomorrow.");
  expect(
    excerptOf({ ...EMAIL, channel: "sms", subject: null, html: null, body: "Hi\nthere" }),
  ).toBe("Hi there");
});
