/** Tests of versions: by what they are judged, and what their numbers say. */

import type { Schemas } from "@/api/client";
import type { Step } from "@/api/types";

export type Variant = Schemas["VariantReport"];
export type Metric = "opened" | "clicked" | "replied";

/** What the rate of a version is called. */
export const RATES: Readonly<Record<Metric, string>> = {
  opened: "Open rate",
  clicked: "Click rate",
  replied: "Reply rate",
};

export interface Test {
  step: Step;
  versions: Variant[];
}

/** The versions by the steps that they belong to, in the steps' order. */
export function testsOf(variants: readonly Variant[], steps: readonly Step[]): Test[] {
  return [...new Set(variants.map(({ step_id }) => step_id))].flatMap((id) => {
    const step = steps.find((each) => each.id === id);
    return step ? [{ step, versions: variants.filter(({ step_id }) => step_id === id) }] : [];
  });
}

/** What the versions of a step are judged by, as the API decides it where the step does not say. */
export function metricOf({
  step_type,
  step_config,
}: Pick<Step, "step_type" | "step_config">): Metric {
  if (step_type === "send_sms") return "replied";
  const { metric, variants } = step_config;
  if (metric === "opened" || metric === "clicked" || metric === "replied") return metric;
  const differ = Array.isArray(variants) && variants.some(({ html, text }) => html || text);
  return differ ? "clicked" : "opened";
}

/** What the numbers say of which version is the best; in what they are sent from now on, the step has its own say. */
export function sayVerdict(versions: readonly Variant[]): string {
  if (versions.every(({ sent }) => sent === 0)) return "Nothing was sent in this time.";
  const winner = versions.find((each) => each.winner);
  if (winner) return `“${winner.name}” is the winner: the numbers support it.`;
  return "No winner yet: the numbers do not support one.";
}

/** How far a scale must reach for all intervals: a round share above the highest; 0 where there is none. */
export function scaleOf(versions: readonly Variant[]): number {
  const highest = Math.max(0, ...versions.map(({ high }) => high ?? 0));
  return highest === 0 ? 0 : (STOPS.find((stop) => stop >= highest) ?? 1);
}

const STOPS = [0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.75, 1];
