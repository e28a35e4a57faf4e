/** A message template as a form holds it, and as the API takes it. */

import type { Schemas } from "@/api/client";
import { toText } from "@/format/html";

export type MessageTemplate = Schemas["MessageTemplate"];
export type Channel = Schemas["Channel"];

export interface TemplateForm {
  name: string;
  subject: string;
  html: string;
  /** A text message, or the plain text of an e-mail. */
  body: string;
}

export function formOf(template: MessageTemplate | undefined): TemplateForm {
  return {
    name: template?.name ?? "",
    subject: template?.subject ?? "",
    html: template?.html ?? "",
    body: template?.body ?? "",
  };
}

/** What a template says, all of it, so that what was emptied is none. */
export function contentOf(form: TemplateForm, channel: Channel) {
  const body = form.body.trim() ? form.body : null;
  if (channel === "sms") return { body };
  return {
    subject: form.subject.trim() || null,
    html: form.html.trim() ? form.html : null,
    body,
  };
}

/** One line of what it says, for a list. */
export function excerptOf({ channel, subject, html, body }: MessageTemplate): string {
  const words = body ?? toText(html ?? "");
  const line = words.replace(/\s+/g, " ").trim();
  return channel === "email" ? [subject, line].filter(Boolean).join(" – ") : line;
}
