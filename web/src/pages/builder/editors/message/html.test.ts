// @vitest-environment jsdom

import { describe, expect, test } from "vitest";
import { toText } from "@/format/html";
import { fromText, survives, toEmail } from "./html";

describe("HTML that the editor can show", () => {
  test.each([
    "<p>Hi {{ first_name }},</p><p>It costs you <strong>nothing</strong>.</p>",
    '<p><a href="{{ calendar_link }}">Pick a time</a></p>',
    "<p><a href='https://example.com/?a=1&amp;b=2'>Here</a></p>",
    "<p>{{ user_name }}<br>{{ company_name }}</p>",
    "<p>{{ user_name }}<br/>\n  {{ company_name }}</p>\n\n<p>Bye</p>",
    '<p>Hi {{ first_name | default: "there" }},</p>',
    "<p>{% if project.estimate_amount > 5000 %}Big{% endif %}</p>",
    "<ul><li>One</li><li>Two <em>too</em></li></ul>",
    "<h2>Title</h2><p>Text</p>",
    "<p>Fish &amp; chips</p>",
    "",
  ])("%s", (html) => {
    expect(survives(html)).toBe(true);
  });

  test.each([
    '<p style="color: red">Hi</p>',
    "<table><tr><td>Hi</td></tr></table>",
    '<img src="https://example.com/roof.jpg" alt="">',
    "<div>Hi</div>",
    "Hi there",
    "<p>Hi</p><!-- note -->",
    "{% if first_name %}<p>Hi</p>{% endif %}",
    '<p><a href="https://example.com" class="button">Go</a></p>',
    "<style>p { color: red }</style><p>Hi</p>",
    "<html><head><title>x</title></head><body><p>Hi</p></body></html>",
  ])("does not hold %s", (html) => {
    expect(survives(html)).toBe(false);
  });
});

describe("what the editor has written", () => {
  test("keeps variables as they were typed", () => {
    expect(toEmail("<p>{% if a &gt; 1 &amp;&amp; b %}x &gt; y{% endif %}</p>")).toBe(
      "<p>{% if a > 1 && b %}x &gt; y{% endif %}</p>",
    );
    expect(toEmail('<a href="{{ x | default: &quot;y&quot; }}">z</a>')).toBe(
      "<a href=\"{{ x | default: 'y' }}\">z</a>",
    );
  });

  test("has no empty end, and no paragraphs around lines of lists", () => {
    expect(toEmail("<ul><li><p>One</p></li></ul><p></p>")).toBe("<ul><li>One</li></ul>");
    expect(toEmail("<ul><li><p>One</p><p>more</p></li></ul>")).toBe(
      "<ul><li><p>One</p><p>more</p></li></ul>",
    );
  });
});

describe("between HTML and plain text", () => {
  test("the text has a line for each block, and the addresses of links", () => {
    expect(
      toText(
        '<p>Hi {{ first_name }},</p><ul><li>One</li><li>Two</li></ul><p><a href="{{ x }}">Go</a><br>Bye</p>',
      ),
    ).toBe("Hi {{ first_name }},\n\n- One\n- Two\n\nGo {{ x }}\nBye");
  });

  test("a text becomes paragraphs that the editor can show", () => {
    const html = fromText('Hi {{ first_name | default: "you" }},\n\nA < B & C\nBye');
    expect(html).toBe('<p>Hi {{ first_name | default: "you" }},</p><p>A &lt; B &amp; C<br>Bye</p>');
    expect(survives(html)).toBe(true);
  });
});
