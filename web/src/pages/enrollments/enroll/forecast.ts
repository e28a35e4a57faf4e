/** What enrolling comes to, and why somebody may not be enrolled, in words. */

import type { Problem, Schemas } from "@/api/client";
import type { Campaign, Step } from "@/api/types";
import { formatCount, formatTime } from "@/format/format";

export type Preview = Schemas["EnrollPreview"];

export interface Line {
  kind: "enrolled" | "refused" | "skipped";
  says: string;
}

/** Line by line, the most important first: who comes in, who does not and why, and what they will not get. */
export function forecastLines(
  preview: Preview,
  campaign: Campaign,
  steps: readonly Step[],
): Line[] {
  const has = (type: Step["step_type"]) => steps.some(({ step_type }) => step_type === type);
  const { total, enrollable, held_out, without_email, without_phone, without_sms_consent } =
    preview;
  const lines: (Line | false)[] = [
    {
      kind: "enrolled",
      says:
        enrollable === total
          ? `${contacts(total)} will be enrolled`
          : `${formatCount(enrollable)} of ${contacts(total)} will be enrolled`,
    },
    held_out > 0 && {
      kind: "skipped",
      says: `${formatCount(held_out)} of them are held out: they get nothing, so that the campaign's effect can be measured`,
    },
    ...preview.refused.map(
      ({ code, count }): Line => ({
        kind: "refused",
        says: `${formatCount(count)} ${REFUSED[code]?.(campaign, count) ?? "cannot be enrolled"}`,
      }),
    ),
    without_email > 0 &&
      has("send_email") && {
        kind: "skipped",
        says: `${formatCount(without_email)} ${have(without_email)} no e-mail address, so e-mails to them are skipped`,
      },
    without_phone > 0 &&
      has("send_sms") && {
        kind: "skipped",
        says: `${formatCount(without_phone)} ${have(without_phone)} no phone number, so texts to them are skipped`,
      },
    without_sms_consent > 0 &&
      has("send_sms") && {
        kind: "skipped",
        says: `${formatCount(without_sms_consent)} ${have(without_sms_consent)} not consented to texts, so texts to them are skipped`,
      },
  ];
  return lines.filter((line) => line !== false);
}

type Refusal = (campaign: Campaign, count: number) => string;

const REFUSED: Readonly<Record<string, Refusal>> = {
  already_enrolled: (_, count) => `${are(count)} in it already`,
  max_enrollments_reached: ({ max_enrollments }, count) =>
    `${are(count)} beyond the campaign's limit of ${formatCount(max_enrollments ?? 0)} enrollments`,
  re_enrollment_not_allowed: (_, count) =>
    `${have(count)} been through it, and nobody goes through it twice`,
  re_enrollment_too_soon: ({ re_enrollment_delay_days }, count) =>
    `${have(count)} been in it less than ${formatCount(re_enrollment_delay_days ?? 0)} days ago`,
  not_found: (_, count) => `${count === 1 ? "does" : "do"} not exist any more`,
};

/** Why this contact may not be enrolled. */
export function refusalOf(problem: Problem, name: string, timeZone: string): string {
  switch (problem.code) {
    case "already_enrolled":
      return `${name} is in this campaign already.`;
    case "re_enrollment_not_allowed":
      return `${name} has been through this campaign, and nobody goes through it twice. An admin can allow it in the campaign's settings.`;
    case "re_enrollment_too_soon":
      return problem.available_at
        ? `${name} was in this campaign a short while ago, and may come back on ${formatTime(problem.available_at, timeZone)}.`
        : problem.detail;
    case "max_enrollments_reached":
      return `The campaign is full: ${problem.detail.charAt(0).toLowerCase()}${problem.detail.slice(1)}`;
    default:
      return problem.detail;
  }
}

function contacts(count: number): string {
  return `${formatCount(count)} ${count === 1 ? "contact" : "contacts"}`;
}

function are(count: number): string {
  return count === 1 ? "is" : "are";
}

function have(count: number): string {
  return count === 1 ? "has" : "have";
}
