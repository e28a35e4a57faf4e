import { expect, test } from "vitest";
import { frameHeight } from "./frameHeight";

test("a longer e-mail gets a higher frame, within limits", () => {
  const line = "<p>Hi Maria, this is about your roof.</p>";
  expect(frameHeight("")).toBe(120);
  expect(frameHeight(line.repeat(8))).toBeGreaterThan(frameHeight(line.repeat(4)));
  expect(frameHeight(line.repeat(500))).toBe(640);
});

test("what does not show takes no room", () => {
  const line = "<p>Hi Maria, this is about your roof.</p>".repeat(5);
  const hidden = `<style>${"p { color: red }".repeat(50)}</style><div style="display:none">${"x".repeat(900)}</div>`;
  expect(frameHeight(hidden + line)).toBe(frameHeight(line));
});
