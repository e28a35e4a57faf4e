/** The messages of a template: when each comes, what it says, and what somebody has changed of them. */

import type { Schemas } from "@/api/client";
import { NOBODY_CAME } from "@/api/steps";
import type { CampaignTemplate, Step, StepType } from "@/api/types";
import { isRecord } from "@/format/json";
import { STEP_TYPES } from "@/format/words";
import { variantsOf } from "@/pages/builder/editors/message/variants";
import { type Config, textOf } from "@/pages/builder/editors/stepValues";
import { inList, type List, SIDES, TRUNK } from "@/pages/builder/flow";

export type TemplateStep = CampaignTemplate["steps"][number];

/** The content of a message, or of one of the versions that are tested. */
export interface Wording {
  /** Null where there is only one. */
  variant: string | null;
  subject: string;
  html: string;
  /** A text message, or an e-mail without HTML. */
  body: string;
}

/** The steps as a campaign would have them before anybody has come; those of types that are gone are left out. */
export function asSteps(template: Pick<CampaignTemplate, "steps">): Step[] {
  return template.steps.flatMap(({ step_type, ...step }) =>
    isKnown(step_type)
      ? [
          {
            ...NOBODY_CAME,
            id: step.id,
            campaign_id: "",
            step_type,
            step_order: step.step_order,
            step_config: step.step_config ?? {},
            delay_value: step.delay_value ?? 0,
            delay_unit: step.delay_unit ?? "hours",
            parent_step_id: step.parent_step_id ?? null,
            branch: step.branch ?? null,
            conditions: step.conditions,
            true_path_step_id: step.true_path_step_id ?? null,
            false_path_step_id: step.false_path_step_id ?? null,
            on_failure: step.on_failure ?? "continue",
          },
        ]
      : [],
  );
}

export function isMessage({ step_type }: Pick<Step, "step_type">): boolean {
  return step_type === "send_email" || step_type === "send_sms";
}

/** What a message says, in each of its versions. What a version does not say, the step says. */
export function wordingsOf(config: Config): Wording[] {
  const variants = variantsOf(config);
  if (variants.length === 0) return [wordingOf(config, null)];
  return variants.map((each) => wordingOf({ ...config, ...each }, textOf(each, "name") || "?"));
}

/** On which day each step comes, from 1, at the latest: by the longer way where there are two. */
export function dayOfEach(steps: readonly Step[]): ReadonlyMap<string, number> {
  const days = new Map<string, number>();
  function pass(list: List, from: number): number {
    let hours = from;
    for (const step of inList(steps, list)) {
      hours += step.delay_value * HOURS[step.delay_unit] + hoursAwaited(step.step_config);
      days.set(step.id, Math.floor(hours / 24) + 1);
      const ends = SIDES.map(({ branch }) => pass({ parentId: step.id, branch }, hours));
      hours = Math.max(hours, ...ends);
    }
    return hours;
  }
  pass(TRUNK, 0);
  return days;
}

/** Which step of a campaign each step of its template has become, by where they stand. */
export function matchSteps(
  template: readonly Step[],
  made: readonly Step[],
): ReadonlyMap<string, string> {
  const ids = new Map<string, string>();
  function match(list: List, madeIn: List): void {
    const there = inList(made, madeIn);
    for (const [index, step] of inList(template, list).entries()) {
      const twin = there[index];
      if (!twin) continue;
      ids.set(step.id, twin.id);
      for (const { branch } of SIDES)
        match({ parentId: step.id, branch }, { parentId: twin.id, branch });
    }
  }
  match(TRUNK, TRUNK);
  return ids;
}

const HOURS: Readonly<Record<Schemas["DelayUnit"], number>> = {
  minutes: 1 / 60,
  hours: 1,
  days: 24,
  weeks: 168,
};

function wordingOf(config: Config, variant: string | null): Wording {
  return {
    variant,
    subject: textOf(config, "subject"),
    html: textOf(config, "html"),
    body: textOf(config, "body") || textOf(config, "text"),
  };
}

/** How long a step waits for its event at most. */
function hoursAwaited({ until }: Config): number {
  const timeout = isRecord(until) && isRecord(until.timeout) ? until.timeout : {};
  const unit = Object.entries(HOURS).find(([name]) => name === timeout.delay_unit);
  return unit && typeof timeout.delay_value === "number" ? timeout.delay_value * unit[1] : 0;
}

function isKnown(type: string): type is StepType {
  return type in STEP_TYPES;
}
