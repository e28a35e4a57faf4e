import { describe, expect, test } from "vitest";
import { escapeHtml, fillIn } from "./liquid";

const MARIA = { first_name: "Maria", company_name: "Ridge & Sons", estimate_amount: "18,450.00" };

describe("variables", () => {
  test.each([
    ["Hi {{ first_name }},", "Hi Maria,"],
    ["Hi {{first_name}},", "Hi Maria,"],
    ['Hi {{ first_name | default: "there" }},', "Hi Maria,"],
    ['Hi {{ last_name | default: "there" }},', "Hi there,"],
    ["Hi {{ last_name | default: 'you' | upcase }},", "Hi you,"],
    ["Hi {{ last_name }},", "Hi ,"],
  ])("%s", (text, said) => {
    expect(fillIn(text, MARIA)).toBe(said);
  });

  test("are made safe where they stand in HTML", () => {
    expect(fillIn("<p>{{ company_name }}</p>", MARIA, escapeHtml)).toBe("<p>Ridge &amp; Sons</p>");
  });
});

describe("what stands there only for some", () => {
  test.each([
    ["{% if first_name %}{{ first_name }}, {% endif %}hello", "Maria, hello"],
    ["{% if last_name %}{{ last_name }}, {% endif %}hello", "hello"],
    ["{% if last_name %}A{% else %}B{% endif %}", "B"],
    ["{% if last_name %}A{% elsif first_name %}B{% else %}C{% endif %}", "B"],
    ["{% unless last_name %}A{% endunless %}", "A"],
    ["{% if first_name %}{% if last_name %}A{% else %}B{% endif %}{% endif %}!", "B!"],
    ["{% if last_name or first_name %}A{% endif %}", "A"],
    ["{% if last_name and first_name %}A{% endif %}", ""],
    ['{% if first_name == "Maria" %}A{% endif %}', "A"],
    ["{% if estimate_amount > 5000 %}A{% else %}B{% endif %}", "A"],
    ["{%- if first_name -%}A{%- endif -%}", "A"],
  ])("%s", (text, said) => {
    expect(fillIn(text, MARIA)).toBe(said);
  });
});

test("what is not known is left out", () => {
  expect(fillIn("{% assign x = 1 %}A{% endif %}", MARIA)).toBe("A");
});
