// @vitest-environment jsdom

import { expect, test } from "vitest";
import { harmless } from "./MessageFrame";

test("looking at an e-mail tells nobody that it was opened", () => {
  const shown = harmless('<p>Hi</p><img src="https://a/logo.png"><img src="https://a/t/o/x.y">');
  expect(shown).toContain("logo.png");
  expect(shown).not.toContain("/t/o/");
});

test("links lead nowhere, so that nobody clicks for the contact", () => {
  const shown = harmless('<a href="https://a/t/c/x">Book</a>');
  expect(shown).toContain("Book");
  expect(shown).not.toContain("/t/c/");
});

test("the frame goes nowhere by itself", () => {
  expect(harmless('<meta http-equiv="refresh" content="0;url=https://a/">')).not.toContain(
    "refresh",
  );
});
