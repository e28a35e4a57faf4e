/** What a step's result says, in words; what its "why" says already is left out. */

import type { Execution } from "@/api/types";
import { counted } from "@/format/format";
import { readable } from "@/format/names";
import { EXIT_REASONS } from "@/format/words";

export interface Fact {
  label: string;
  value: string;
}

type Result = Record<string, unknown>;

/** What a step did that is over. */
export function resultFacts({ step_type, result_data }: Execution): Fact[] {
  const facts = result_data && FACTS[step_type]?.(result_data);
  return (facts ?? []).filter(({ value }) => value !== "");
}

/** What the provider calls a message, for those who have to ask it. */
export function providerFacts({ result_data }: Execution): Fact[] {
  const { provider, email_id, sms_id } = result_data ?? {};
  return [
    { label: "Sent by", value: readable(text(provider)) },
    { label: "Message id", value: text(email_id ?? sms_id) },
  ].filter(({ value }) => value !== "");
}

/** Which way a branch went; null where it has not gone any. */
export function branchOf({ step_type, result_data }: Execution): boolean | null {
  const branch = step_type === "conditional" ? result_data?.branch : null;
  return typeof branch === "boolean" ? branch : null;
}

const FACTS: Partial<Record<Execution["step_type"], (result: Result) => Fact[]>> = {
  update_field: ({ field, value }) => [{ label: readable(text(field)), value: text(value) }],
  manage_tags: ({ added, removed }) => [
    { label: "Tags added", value: listed(added) },
    { label: "Tags removed", value: listed(removed) },
  ],
  notify: ({ notified }) =>
    Array.isArray(notified) ? [{ label: "Told", value: counted(notified.length, "user") }] : [],
  webhook: ({ status, body }) => [
    { label: "Answer", value: text(status) },
    { label: "It said", value: text(body) },
  ],
  exit_campaign: ({ reason }) => [
    {
      label: "Reason",
      value: Object.entries(EXIT_REASONS).find(([value]) => value === reason)?.[1] ?? "",
    },
  ],
};

function listed(items: unknown): string {
  return Array.isArray(items) ? items.join(", ") : "";
}

function text(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
