/** What a delay means and what an edit does, in words. */

import type { Schemas } from "@/api/client";
import type { Campaign, StepType } from "@/api/types";
import { capitalized, counted, formatCount } from "@/format/format";
import type { Vocabulary } from "@/format/names";
import type { StepValues } from "./stepValues";

/** What reaches a person, and so waits for the campaign's hours. */
const REACHES_A_PERSON: readonly StepType[] = ["send_email", "send_sms", "create_task", "notify"];

/** When the step runs. */
export function describeDelay(values: StepValues, campaign: Campaign, isFirst: boolean): string {
  const { delay_value, delay_unit, step_type } = values;
  const before = isFirst ? "they are enrolled" : "the step before is done";
  const isElapsed = delay_unit === "minutes" || delay_unit === "hours";
  const length = counted(delay_value || 0, delay_unit.slice(0, -1));
  const when = !delay_value
    ? `As soon as ${before}.`
    : isElapsed
      ? `${length} after ${before}, by the clock.`
      : `${length} after ${before}, at the same time of day: calendar ${delay_unit}, weekends included.`;
  return [when, describeWindow(step_type, campaign)].filter(Boolean).join(" ");
}

function describeWindow(stepType: StepType, campaign: Campaign): string {
  const { respect_business_hours, business_hours } = campaign;
  const texts =
    stepType === "send_sms"
      ? "Texts go out from 9 AM to 8 PM where the contact is, as the law asks."
      : "";
  if (!respect_business_hours || !REACHES_A_PERSON.includes(stepType)) return texts;
  const { start, end, days } = { start: 9, end: 17, days: WEEKDAYS, ...business_hours };
  const window = `${daysInWords(days)}, ${hour(start)} to ${hour(end)}`;
  return [`Outside business hours (${window}) it waits until they begin.`, texts]
    .filter(Boolean)
    .join(" ");
}

const WEEK = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const WEEKDAYS: unknown = WEEK.slice(0, 5);

function daysInWords(given: unknown): string {
  const days = WEEK.filter((day) => Array.isArray(given) && given.includes(day));
  const [first = ""] = days;
  const from = WEEK.indexOf(first);
  const isRow = days.length > 2 && days.every((day, at) => WEEK[from + at] === day);
  return isRow ? `${first}–${days.at(-1)}` : days.join(", ");
}

function hour(given: unknown): string {
  const hours = Number(given);
  const minutes = Math.round((hours % 1) * 60);
  const shown = `${Math.floor(hours) % 12 || 12}${minutes ? `:${String(minutes).padStart(2, "0")}` : ""}`;
  return `${shown} ${hours % 24 < 12 ? "AM" : "PM"}`;
}

export type Effect = Pick<Schemas["AddedStep"], "waiting" | "due_now" | "will_get" | "will_miss">;

/** What an edit of a campaign that runs does to those on their way; nothing where it does nothing to anybody. */
export function describeEffect(effect: Effect, isNew: boolean, campaign: Campaign): string[] {
  const waiting = effect.waiting ?? 0;
  const dueNow = effect.due_now ?? 0;
  const willGet = effect.will_get ?? 0;
  const willMiss = effect.will_miss ?? 0;
  const once = campaign.status === "paused" ? "when the campaign is resumed" : "at once";
  const said: string[] = [];
  if (isNew && willGet > 0)
    said.push(`${people(willGet)} on the way through the campaign will come to this step.`);
  if (!isNew && waiting > 0) {
    said.push(
      `${people(waiting)} ${waiting === 1 ? "waits" : "wait"} for this step` +
        (dueNow === 0
          ? " and will get the new version."
          : dueNow === waiting
            ? `: ${waiting === 1 ? "it is" : "they are all"} due ${once}.`
            : `; ${formatCount(dueNow)} of them ${dueNow === 1 ? "gets" : "get"} it ${once}, the others later.`),
    );
  }
  if (!isNew && willGet > 0)
    said.push(`${people(willGet)} will come to steps that are new to them.`);
  if (willMiss > 0)
    said.push(`${people(willMiss)} will not come any more to a step that lies ahead of them now.`);
  return said;
}

function people(count: number): string {
  return counted(count, "person", "people");
}

const FIELD_NAMES: Readonly<Record<string, string>> = {
  add: "Tags to add",
  assigned_to: "Assigned to",
  body: "Text",
  conditions: "Conditions",
  delay_value: "Delay",
  due_in_days: "Due in",
  event: "Event",
  false_path_step_id: "Where “no” leads",
  field: "Field",
  from_name: "From name",
  html: "Content",
  media_urls: "Pictures",
  message: "Message",
  metric: "What counts",
  name: "Name",
  operator: "Comparison",
  preheader: "Preview line",
  remove: "Tags to remove",
  reply_to: "Replies go to",
  send_to: "Address",
  step_type: "Kind of step",
  task_type: "Kind of task",
  template_id: "Message template",
  text: "Plain text",
  title: "Title",
  true_path_step_id: "Where “yes” leads",
  url: "Address",
  user_ids: "Whom to notify",
  value: "Value",
  variants: "Versions",
  weight: "Share",
};

/** A field of the API as the form calls it: `step_config.reply_to` is "Replies go to". */
export function describeField(path: string): string {
  const parts = path.replace(/^step_config\./, "").split(".");
  const named = [...parts].reverse().find((part) => !/^\d+$/.test(part)) ?? path;
  const words = named.replaceAll("_", " ");
  const name = FIELD_NAMES[named] ?? capitalized(words);
  if (parts[0] === "conditions" && parts.length > 1) return `Conditions: ${name.toLowerCase()}`;
  if (parts[0] === "headers") return `Header ${parts.slice(1).join(".")}`;
  return name;
}

/** What the API says in terms of its own fields, as the form says it. */
const MESSAGES: Readonly<Record<string, string>> = {
  "Field required": "is required",
  "is required, or a template_id in its place": "is required",
  "html or text is required, or a template_id": "is required",
  "must be a text that is not blank; see is_set and is_not_set": "is required",
  "is not a known field": "must be chosen from the list",
  "add or remove must name a tag": "name at least one tag to add or to remove",
  "user_ids, role or assignee must say whom to notify": "say who is to be notified",
};

export function describeMessage(message: string): string {
  return MESSAGES[message] ?? message.replace("String should have", "must have");
}

/** Why a contact would not get it, as a sentence; a variable that is empty by its label. */
export function describeSkip(reason: string, vocabulary: Vocabulary | undefined): string {
  const [, name] = /^(\S+) is empty$/.exec(reason) ?? [];
  if (name) {
    const known = vocabulary?.variables.find((variable) => variable.name === name);
    return `“${known?.label ?? name}” is not known, and the text has no other word for it.`;
  }
  const said = capitalized(reason);
  return /[.!?]$/.test(said) ? said : `${said}.`;
}
