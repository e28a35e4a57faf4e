import { expect, test } from "vitest";
import { formatPhone } from "./phone";

test("a number of the US as it is written there, any other as it is", () => {
  expect(formatPhone("+13035550141")).toBe("(303) 555-0141");
  expect(formatPhone("+4915112345678")).toBe("+4915112345678");
});
