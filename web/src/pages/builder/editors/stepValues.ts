/** What of a step is edited, and what of it goes to the API. */

import type { Schemas } from "@/api/client";
import type { Step, StepType } from "@/api/types";
import type { Json } from "@/format/json";

/** A step's `step_config`, whose shape the API knows and checks. */
export type Config = Json;

export interface StepValues {
  step_type: StepType;
  step_config: Config;
  delay_value: number | "";
  delay_unit: Schemas["DelayUnit"];
  conditions: unknown;
  true_path_step_id: string | null;
  false_path_step_id: string | null;
  on_failure: Schemas["OnFailure"];
}

/** A step that is to be made, and its place. */
export interface StepDraft {
  step_type: StepType;
  parent_step_id: string | null;
  branch: Schemas["Branch"] | null;
  step_order: number;
}

const NEW_CONFIGS: Readonly<Partial<Record<StepType, Config>>> = {
  create_task: { task_type: "call", due_in_days: 1 },
  update_field: { entity: "contact", field: "stage", value: "" },
  notify: { assignee: true },
  webhook: { method: "POST" },
  exit_campaign: { reason: "completed" },
};
const AT_ONCE: readonly StepType[] = [
  "conditional",
  "update_field",
  "manage_tags",
  "exit_campaign",
];

export function newValues({ step_type, parent_step_id, step_order }: StepDraft): StepValues {
  const isFirst = parent_step_id === null && step_order === 1;
  const waits = step_type === "wait" || !(isFirst || AT_ONCE.includes(step_type));
  return {
    step_type,
    step_config: NEW_CONFIGS[step_type] ?? {},
    delay_value: waits ? 1 : 0,
    delay_unit: waits ? "days" : "hours",
    conditions: null,
    true_path_step_id: null,
    false_path_step_id: null,
    on_failure: "continue",
  };
}

export function valuesOf(step: Step): StepValues {
  const { step_type, step_config, delay_value, delay_unit, conditions, on_failure } = step;
  const { true_path_step_id, false_path_step_id } = step;
  return {
    step_type,
    step_config,
    delay_value,
    delay_unit,
    conditions: conditions ?? null,
    true_path_step_id,
    false_path_step_id,
    on_failure,
  };
}

/** As the API takes them. A conditional without conditions is one that always holds. */
export function bodyOf(values: StepValues) {
  const isFork = values.step_type === "conditional";
  return {
    ...values,
    delay_value: values.delay_value || 0,
    conditions: isFork ? (values.conditions ?? { all: [] }) : null,
  };
}

/** What has changed, for a PATCH: what nobody has touched is nobody's to overwrite. */
export function changesBetween(before: StepValues, after: StepValues) {
  const [old, now] = [Object.entries(bodyOf(before)), Object.entries(bodyOf(after))];
  const changed = now.filter(([name, value], at) => !isSame([name, value], old[at]));
  return Object.fromEntries(changed) as Partial<ReturnType<typeof bodyOf>>;
}

export function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** The configuration with these changes. What is blank is left out: the API takes no empty texts. */
export function configured(config: Config, changes: Config): Config {
  const kept = Object.entries({ ...config, ...changes }).filter(
    ([name, value]) => !(name in changes && isBlank(value)),
  );
  return Object.fromEntries(kept);
}

/** A text of the configuration, empty where there is none. */
export function textOf(config: Config, name: string): string {
  const value = config[name];
  return typeof value === "string" ? value : "";
}

export function numberOf(config: Config, name: string): number | "" {
  const value = config[name];
  return typeof value === "number" ? value : "";
}

export function textsOf(config: Config, name: string): string[] {
  const value = config[name];
  return Array.isArray(value) ? value.map(String) : [];
}

function isBlank(value: unknown): boolean {
  return value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
}
