/** Between the HTML of an e-mail and the editor that writes it. */

import { Link } from "@mantine/tiptap";
import { type Extensions, generateHTML, generateJSON } from "@tiptap/react";
import StarterKit from "@tiptap/starter-kit";

export const EXTENSIONS: Extensions = [
  StarterKit.configure({ link: false, code: false, codeBlock: false }),
  Link.configure({ openOnClick: false, HTMLAttributes: { target: null, rel: null, class: null } }),
];

const TAGS = /\{\{.*?\}\}|\{%.*?%\}/gs;

/** What the editor has written, as it is sent: variables as they were typed, no paragraphs around the lines of lists. */
export function toEmail(html: string): string {
  return html
    .replace(/<li><p>((?:(?!<\/?(?:p|ul|ol)>).)*)<\/p><\/li>/gs, "<li>$1</li>")
    .replace(/(<p><\/p>)+$/, "")
    .replace(TAGS, (tag) =>
      tag
        .replaceAll("&quot;", "'")
        .replaceAll("&lt;", "<")
        .replaceAll("&gt;", ">")
        .replaceAll("&amp;", "&"),
    );
}

/** Whether the editor can show that HTML without taking anything away from it. */
export function survives(html: string): boolean {
  return (
    normalised(toEmail(generateHTML(generateJSON(html, EXTENSIONS), EXTENSIONS))) ===
    normalised(html)
  );
}

/** The same for what is shown the same. */
function normalised(html: string): string {
  return html
    .replace(/\s+/g, " ")
    .replace(/ ?(<\/?(?:p|h[1-6]|ul|ol|li|blockquote|hr|br)\b[^>]*>) ?/gi, "$1")
    .replace(/<(br|hr) ?\/?>/gi, "<$1>")
    .replace(/<(\/?)b>/gi, "<$1strong>")
    .replace(/<(\/?)i>/gi, "<$1em>")
    .replace(/<a href='([^'"]*)'/gi, '<a href="$1"')
    .replace(/&#39;|&apos;/g, "'")
    .replace(/&quot;/g, '"')
    .replace(/&nbsp;/g, "\u00a0")
    .trim();
}

/** A plain text as paragraphs. */
export function fromText(text: string): string {
  const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  const paragraphs = escaped.split(/\n{2,}/).filter((each) => each.trim());
  return toEmail(
    paragraphs.map((each) => `<p>${each.trim().replaceAll("\n", "<br>")}</p>`).join(""),
  );
}
