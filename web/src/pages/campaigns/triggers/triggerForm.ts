/** A trigger as a form holds it, and as the API takes it. */

import type { Schemas } from "@/api/client";
import type { Trigger } from "@/api/types";

export interface TriggerForm {
  trigger_type: Exclude<Trigger["trigger_type"], "manual">;
  entity_type: "contact" | "project";
  from_stage: string;
  to_stage: string;
  event_name: string;
  /** Conditions on `event.*`; null for none. */
  event_filters: unknown;
  relative_to: string;
  delay_value: number | "";
  delay_unit: Schemas["DelayUnit"];
  direction: "after" | "before";
  enrollment_conditions: unknown;
  exclusion_conditions: unknown;
  priority: number | "";
}

export const NEW_TRIGGER: TriggerForm = {
  trigger_type: "stage_change",
  entity_type: "contact",
  from_stage: "",
  to_stage: "",
  event_name: "",
  event_filters: null,
  relative_to: "contact.created_at",
  delay_value: 30,
  delay_unit: "days",
  direction: "after",
  enrollment_conditions: null,
  exclusion_conditions: null,
  priority: 0,
};

/** The form of a trigger that is there. */
export function formOf(trigger: Trigger): TriggerForm {
  const { trigger_type, trigger_config: config } = trigger;
  const common = {
    ...NEW_TRIGGER,
    enrollment_conditions: trigger.enrollment_conditions ?? null,
    exclusion_conditions: trigger.exclusion_conditions ?? null,
    priority: trigger.priority,
  };
  switch (trigger_type) {
    case "stage_change":
      return {
        ...common,
        trigger_type,
        entity_type: config.entity_type === "project" ? "project" : "contact",
        from_stage: textOf(config.from_stage),
        to_stage: textOf(config.to_stage),
      };
    case "event":
      return {
        ...common,
        trigger_type,
        event_name: textOf(config.event_name),
        event_filters: asConditions(config.event_filters),
      };
    case "time_based": {
      const value = typeof config.delay_value === "number" ? config.delay_value : 0;
      return {
        ...common,
        trigger_type,
        relative_to: dateFieldOf(textOf(config.relative_to)),
        delay_value: Math.abs(value),
        delay_unit: UNITS.find((unit) => unit === config.delay_unit) ?? "days",
        direction: value < 0 ? "before" : "after",
      };
    }
    case "manual":
      return common;
  }
}

/** What the API is to be told. */
export function bodyOf(form: TriggerForm) {
  return {
    trigger_type: form.trigger_type,
    trigger_config: configOf(form),
    enrollment_conditions: form.enrollment_conditions,
    exclusion_conditions: form.exclusion_conditions,
    priority: form.priority || 0,
  };
}

/** What cannot be left empty. */
export function missing(form: TriggerForm): Partial<Record<keyof TriggerForm, string>> {
  switch (form.trigger_type) {
    case "stage_change":
      return form.to_stage.trim() ? {} : { to_stage: "Say which stage." };
    case "event":
      return form.event_name ? {} : { event_name: "Say which event." };
    case "time_based":
      return form.delay_value === "" ? { delay_value: "Say how long." } : {};
  }
}

/** The fields of the form have the names that the API's errors give them, but for what they lie in. */
export function placeOf(field: string): string {
  return field.replace(/^trigger_config\./, "");
}

const UNITS: readonly Schemas["DelayUnit"][] = ["minutes", "hours", "days", "weeks"];

function configOf(form: TriggerForm): Trigger["trigger_config"] {
  switch (form.trigger_type) {
    case "stage_change":
      return {
        entity_type: form.entity_type,
        to_stage: form.to_stage.trim(),
        ...(form.from_stage.trim() && { from_stage: form.from_stage.trim() }),
      };
    case "event":
      return {
        event_name: form.event_name,
        ...(form.event_filters !== null && { event_filters: form.event_filters }),
      };
    case "time_based":
      return {
        relative_to: form.relative_to,
        delay_value:
          form.direction === "before" ? -Number(form.delay_value) : Number(form.delay_value),
        delay_unit: form.delay_unit,
      };
  }
}

/** An object of properties and values, which are equal or among those listed, as the conditions that it means. */
function asConditions(filters: unknown): unknown {
  if (typeof filters !== "object" || filters === null) return null;
  const names = Object.keys(filters);
  if (Array.isArray(filters) || ("field" in filters && "operator" in filters)) return filters;
  if (names.length === 1 && /^(all|any|not)$/.test(String(names[0]))) return filters;
  const all = Object.entries(filters).map(([name, value]) => ({
    field: `event.${name}`,
    operator: Array.isArray(value) ? "in" : "equals",
    value,
  }));
  return all.length > 0 ? { all } : null;
}

function dateFieldOf(relativeTo: string): string {
  return /^(created|updated)_at$/.test(relativeTo) ? `contact.${relativeTo}` : relativeTo;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
