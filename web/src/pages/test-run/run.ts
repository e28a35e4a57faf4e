/** A test run as the form holds it, as the API takes it, and as the days on which it happens. */

import type { Schemas } from "@/api/client";
import type { Step } from "@/api/types";
import { dayIn, daysBetween, momentOf } from "@/format/zones";

export type TestRun = Schemas["TestRun"];
export type Entry = Schemas["TestEntry"];
type Body = Schemas["TestRunCreate"];

export interface MadeUp {
  first_name: string;
  last_name: string;
  email: string;
  phone: string;
  stage: string;
  tags: string[];
  timezone: string | null;
  sms_consent: boolean;
}

/** What happens at a step: `opened`, `clicked`, `replied`, or an event by its name. */
export interface Happening {
  step_id: string;
  event: string;
}

export interface RunForm {
  who: "known" | "made_up";
  contact_id: string | null;
  contact: MadeUp;
  /** On the company's clocks (`2026-11-23T09:00`); empty is now. */
  start: string;
  assume: Happening[];
}

export const NEW_RUN: RunForm = {
  who: "made_up",
  contact_id: null,
  contact: {
    first_name: "Maria",
    last_name: "Lopez",
    email: "maria@example.com",
    phone: "+13035550123",
    stage: "",
    tags: [],
    timezone: null,
    sms_consent: true,
  },
  start: "",
  assume: [],
};

/** As the API takes it; what is assumed of steps that are gone by now is left out. */
export function bodyOf(form: RunForm, steps: readonly Step[], timeZone: string): Body {
  const { contact } = form;
  return {
    ...(form.who === "known"
      ? { contact_id: form.contact_id }
      : {
          contact: {
            first_name: contact.first_name || null,
            last_name: contact.last_name || null,
            email: contact.email || null,
            phone: contact.phone || null,
            stage: contact.stage || null,
            timezone: contact.timezone,
            tags: contact.tags,
            sms_consent: contact.sms_consent,
          },
        }),
    ...(form.start && { start_at: momentOf(form.start, timeZone) }),
    assume: form.assume.filter(
      ({ step_id, event }) => event && steps.some(({ id }) => id === step_id),
    ),
  };
}

/** What can be assumed of a step's own message. */
export function reactionsTo(step: Step): { event: string; label: string }[] {
  switch (step.step_type) {
    case "send_email":
      return [
        { event: "opened", label: "Opens it" },
        { event: "clicked", label: "Clicks a link" },
        { event: "replied", label: "Replies" },
      ];
    case "send_sms":
      return [{ event: "replied", label: "Replies" }];
    default:
      return [];
  }
}

/** The event for which a wait waits. */
export function awaitedBy(step: Step): string | null {
  const { until } = step.step_config;
  const isEvent = typeof until === "object" && until !== null && "event" in until;
  return step.step_type === "wait" && isEvent ? String(until.event) : null;
}

/** What happens at one day. */
export interface Day {
  /** `2026-11-23` */
  date: string;
  /** 1 is the day on which it starts. */
  number: number;
  entries: Entry[];
}

/** The entries by the days of a calendar. */
export function daysOf(entries: readonly Entry[], timeZone: string, startAt: string): Day[] {
  const first = dayIn(startAt, timeZone);
  const days: Day[] = [];
  for (const entry of entries) {
    const date = dayIn(entry.at, timeZone);
    const last = days.at(-1);
    if (last?.date === date) last.entries.push(entry);
    else days.push({ date, number: daysBetween(first, date) + 1, entries: [entry] });
  }
  return days;
}

/** Whether a reason only says that the step was done when it was due. */
export function isPunctual(why: string): boolean {
  return /^due (.+), [a-z ]+ \1$/.test(why);
}
