/** What a step is called: its type, and what tells it apart from the others of that type. */

import type { Schemas } from "@/api/client";
import type { Step } from "@/api/types";
import { counted } from "./format";
import { isRecord, type Json } from "./json";
import { readable, sayText } from "./names";
import { EXIT_REASONS, STEP_TYPES } from "./words";

type Titled = Pick<Step, "step_type" | "step_config" | "conditions" | "delay_value" | "delay_unit">;

/** "E-mail: Your free roof inspection", "Wait: 3 days", "Tags: add insured". */
export function stepTitle(step: Titled): string {
  const name = STEP_TYPES[step.step_type];
  const detail = stepDetail(step);
  return detail ? `${name}: ${detail}` : name;
}

/** What tells a step apart from others of its type; empty where nothing does. */
export function stepDetail(step: Titled): string {
  return DETAILS[step.step_type](step.step_config, step);
}

/** "1 hour", "3 days". */
export function formatDelay(value: number, unit: Schemas["DelayUnit"]): string {
  return counted(value, unit.replace(/s$/, ""));
}

/** "at once", "after 3 days". */
export function delayWords(step: Pick<Step, "delay_value" | "delay_unit">): string {
  return step.delay_value === 0
    ? "at once"
    : `after ${formatDelay(step.delay_value, step.delay_unit)}`;
}

type Detail = (config: Json, step: Titled) => string;

const DETAILS: Record<Step["step_type"], Detail> = {
  send_email: (config) => contentOf(config, "subject"),
  send_sms: (config) => contentOf(config, "body"),
  create_task: (config) => text(config.title),
  wait: ({ until }, { delay_value, delay_unit }) =>
    isRecord(until) ? `for ${humane(text(until.event))}` : formatDelay(delay_value, delay_unit),
  update_field: ({ field, value }) => `${humane(text(field))} becomes ${text(value)}`,
  manage_tags: ({ add, remove }) =>
    [listed("add", add), listed("remove", remove)].filter(Boolean).join(", "),
  notify: (config) => text(config.title),
  webhook: ({ url }) => text(url).replace(/^https?:\/\//, ""),
  conditional: (_, { conditions }) => {
    const fields = [...new Set(fieldsIn(conditions))].map(humane);
    return fields.length > 0 ? `by ${fields.join(", ")}` : "";
  },
  exit_campaign: ({ reason }) =>
    Object.entries(EXIT_REASONS).find(([value]) => value === reason)?.[1] ?? "",
};

function contentOf(config: Json, field: string): string {
  const variants = Array.isArray(config.variants) ? config.variants : [];
  if (config[field]) return cut(text(config[field]));
  if (variants.length > 0) return `test of ${variants.length} variants`;
  return config.template_id ? "from a template" : "";
}

function cut(line: string): string {
  return line.length > 60 ? `${line.slice(0, 60).replace(/\W*\s\S*$/, "")}…` : line;
}

function listed(verb: string, tags: unknown): string {
  return Array.isArray(tags) && tags.length > 0 ? `${verb} ${tags.join(", ")}` : "";
}

function humane(name: string): string {
  return readable(name).toLowerCase();
}

function fieldsIn(conditions: unknown): string[] {
  if (Array.isArray(conditions)) return conditions.flatMap(fieldsIn);
  if (!isRecord(conditions)) return [];
  if (typeof conditions.field === "string") return [conditions.field];
  return Object.values(conditions).flatMap(fieldsIn);
}

/** Variables stand in brackets: "Hi [First name]". */
function text(value: unknown): string {
  if (value === undefined) return "";
  if (typeof value !== "string") return JSON.stringify(value);
  return sayText(value);
}
