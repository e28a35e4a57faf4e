/** Triggers in words: "When a contact's stage becomes new". */

import type { Trigger } from "@/api/types";
import { describeConditions } from "@/conditions/describe";
import { labelOfField, readable, type Vocabulary } from "./names";
import { formatDelay } from "./steps";

/** What starts an enrollment, and for whom. */
export function sayTrigger(
  trigger: Pick<
    Trigger,
    "trigger_type" | "trigger_config" | "enrollment_conditions" | "exclusion_conditions"
  >,
  vocabulary: Vocabulary | undefined,
): string {
  const only = describeConditions(trigger.enrollment_conditions, vocabulary);
  const never = describeConditions(trigger.exclusion_conditions, vocabulary);
  return [
    sayCause(trigger, vocabulary),
    only && `if ${only}`,
    never && `${only ? "and not" : "not"} if ${never}`,
  ]
    .filter(Boolean)
    .join(", ");
}

function sayCause(
  { trigger_type, trigger_config: config }: Pick<Trigger, "trigger_type" | "trigger_config">,
  vocabulary: Vocabulary | undefined,
): string {
  switch (trigger_type) {
    case "stage_change": {
      const whose = config.entity_type === "project" ? "a project’s" : "a contact’s";
      return config.from_stage
        ? `When ${whose} stage changes from ${config.from_stage} to ${config.to_stage}`
        : `When ${whose} stage becomes ${config.to_stage}`;
    }
    case "event": {
      const name = String(config.event_name);
      const event = vocabulary?.events.find((each) => each.name === name);
      const label = event?.label ?? readable(name);
      const filters = sayFilters(config.event_filters, vocabulary);
      const what = label.charAt(0).toLowerCase() + label.slice(1);
      // A label of the system's is a sentence ("A deal is won"), a company's own event only has a name.
      const when = /^an? /.test(what) ? `When ${what}` : `On the event “${label}”`;
      return filters ? `${when} and ${filters}` : when;
    }
    case "time_based":
      return sayDate(config, vocabulary);
    case "manual":
      return "By hand";
  }
}

const UNITS = ["minutes", "hours", "days", "weeks"] as const;

function sayDate(config: Trigger["trigger_config"], vocabulary: Vocabulary | undefined): string {
  const field = String(config.relative_to);
  const own = field === "created_at" || field === "updated_at" ? `contact.${field}` : field;
  const value = Number(config.delay_value);
  const date = `the date in “${labelOfField(own, vocabulary)}”`;
  if (value === 0) return `On ${date}`;
  const unit = UNITS.find((each) => each === config.delay_unit) ?? "days";
  const length = formatDelay(Math.abs(value), unit);
  return `${length} ${value < 0 ? "before" : "after"} ${date}`;
}

/** Filters are conditions, or an object of properties and their values. */
function sayFilters(filters: unknown, vocabulary: Vocabulary | undefined): string {
  if (typeof filters !== "object" || filters === null) return "";
  if (
    Array.isArray(filters) ||
    "operator" in filters ||
    /^(all|any|not)$/.test(String(Object.keys(filters)))
  )
    return describeConditions(filters, vocabulary);
  return Object.entries(filters)
    .map(
      ([name, value]) =>
        `${readable(name)} is ${Array.isArray(value) ? value.join(" or ") : value}`,
    )
    .join(" and ");
}
