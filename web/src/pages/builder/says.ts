/** What the cards of steps say. */

import type { Schemas } from "@/api/client";
import type { Step } from "@/api/types";
import { describeConditions } from "@/conditions/describe";
import { counted } from "@/format/format";
import { labelOfField, readable, sayText, type Vocabulary } from "@/format/names";
import { formatDelay } from "@/format/steps";
import { EXIT_REASONS, ROLES } from "@/format/words";
import type { Definition } from "./flow";

type Config = Step["step_config"];

/** What a step says or does: the subject, the first words, the conditions. */
export function sayStep(step: Definition, vocabulary: Vocabulary | undefined): string {
  const config = step.step_config;
  switch (step.step_type) {
    case "send_email":
      return sayMessage(config, "subject", vocabulary);
    case "send_sms":
      return sayMessage(config, "body", vocabulary);
    case "create_task":
    case "notify":
      return sayText(config.title, vocabulary);
    case "wait":
      return sayWait(step, vocabulary);
    case "update_field":
      return sayUpdate(config, vocabulary);
    case "manage_tags":
      return sayTags(config);
    case "webhook":
      return `${config.method ?? "POST"} ${String(config.url ?? "").replace(/^https?:\/\//, "")}`;
    case "conditional":
      return describeConditions(step.conditions, vocabulary) || "Always yes";
    case "exit_campaign":
      return EXIT_REASONS[config.reason as Schemas["ExitReason"]] ?? "";
  }
}

/** One line more where a type has one: for whom, by when. */
export function sayMore(step: Definition): string | null {
  const { due_in_days: days, role, assignee, user_ids: users } = step.step_config;
  if (step.step_type === "create_task" && typeof days === "number")
    return days === 0 ? "Due the same day" : `Due ${counted(days, "day")} later`;
  if (step.step_type !== "notify") return null;
  if (Array.isArray(users)) return `To ${counted(users.length, "person", "people")}`;
  if (role) return `To everybody who is ${ROLES[role as Schemas["Role"]].toLowerCase()}`;
  return assignee ? "To whom the contact is assigned" : null;
}

/** "3 days later"; null where a step comes at once, and for a wait, which says so itself. */
export function sayDelay(step: Definition): string | null {
  const isSaid = step.step_type === "wait" && !step.step_config.until;
  return step.delay_value > 0 && !isSaid
    ? `${formatDelay(step.delay_value, step.delay_unit)} later`
    : null;
}

/** How many variants a step tests, and which of them has won. */
export function sayTest(step: Step): { label: string; isOver: boolean } | null {
  const { variants } = step.step_config;
  if (!Array.isArray(variants)) return null;
  return step.winner
    ? { label: `Winner: ${step.winner}`, isOver: true }
    : { label: `Tests ${variants.length} variants`, isOver: false };
}

function sayMessage(config: Config, field: string, vocabulary: Vocabulary | undefined): string {
  const variants: unknown = config.variants;
  const first: unknown = Array.isArray(variants) ? variants[0]?.[field] : undefined;
  const said = sayText(config[field] ?? first, vocabulary);
  return said || (config.template_id ? "From a message template" : "");
}

function sayWait(step: Definition, vocabulary: Vocabulary | undefined): string {
  const until = step.step_config.until as
    | { event: string; timeout: Pick<Step, "delay_value" | "delay_unit"> }
    | undefined;
  if (!until)
    return step.delay_value > 0 ? formatDelay(step.delay_value, step.delay_unit) : "No time at all";
  const event = vocabulary?.events.find(({ name }) => name === until.event);
  const limit = formatDelay(until.timeout.delay_value, until.timeout.delay_unit);
  return `Until: ${event?.label ?? readable(until.event)}. For ${limit} at most.`;
}

function sayUpdate({ entity, field, value }: Config, vocabulary: Vocabulary | undefined): string {
  const name = String(field);
  const scope = entity === "contact" && name.startsWith("custom.") ? name : `${entity}.${name}`;
  const label = labelOfField(scope, vocabulary);
  if (value === null || value === "") return `${label}: cleared`;
  // Users have no names here: what is assigned to whom the editor shows.
  return field === "assigned_to" ? `${label}: changed` : `${label}: ${sayText(value, vocabulary)}`;
}

function sayTags({ add, remove }: Config): string {
  const said = [
    Array.isArray(add) && add.length > 0 && `Add ${add.join(", ")}`,
    Array.isArray(remove) && remove.length > 0 && `Take off ${remove.join(", ")}`,
  ];
  return said.filter(Boolean).join(" · ");
}
