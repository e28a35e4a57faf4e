/** What happened on the days of a report, in as many points as one can tell apart. */

import type { Schemas } from "@/api/client";
import { addDays, dateOf, lengthOf } from "./range";

export type Day = Schemas["Day"];
export type Grain = "day" | "week" | "month";

/** What can be counted over time. */
export const LINES = {
  enrolled: "Enrolled",
  emails_sent: "E-mails sent",
  emails_opened: "E-mails opened",
  emails_clicked: "E-mails clicked",
  sms_sent: "Texts sent",
  sms_replied: "Texts replied to",
  goals: "Goals",
} as const satisfies Partial<Record<keyof Day, string>>;

export type Line = keyof typeof LINES;

export const ALL_LINES: readonly Line[] = [
  "enrolled",
  "emails_sent",
  "emails_opened",
  "emails_clicked",
  "sms_sent",
  "sms_replied",
  "goals",
];

/** One day, or those of a week or a month that belong to the report, added up. */
export type Point = Record<Line | "revenue", number> & {
  /** "Nov 22", "Nov 16 – 22", "Nov 2026": no two points of a report have the same. */
  label: string;
};

const MOST_DAYS = 62;
/** In more than a year a week could be called as another one. */
const MOST_WEEKS = 52;

/** Days while they are few, else weeks, from Monday on, or months. */
export function grainOf(days: readonly Day[]): Grain {
  const [first, last] = [days.at(0), days.at(-1)];
  const length = first && last ? lengthOf(first.date, last.date) : 0;
  if (length <= MOST_DAYS) return "day";
  return length <= MOST_WEEKS * 7 ? "week" : "month";
}

export function pointsOf(days: readonly Day[], grain = grainOf(days)): Point[] {
  const groups = new Map<string, Day[]>();
  for (const day of days) {
    const begin = beginOf(day.date, grain);
    groups.set(begin, [...(groups.get(begin) ?? []), day]);
  }
  return [...groups.values()].map((group) => ({
    label: labelOf(group, grain),
    ...sumOf(group),
  }));
}

/** All of it added up; money in whole cents on the way, so that it is right to the cent. */
export function sumOf(days: readonly Day[]): Record<Line | "revenue", number> {
  const count = (line: Line) => days.reduce((sum, day) => sum + day[line], 0);
  return {
    enrolled: count("enrolled"),
    emails_sent: count("emails_sent"),
    emails_opened: count("emails_opened"),
    emails_clicked: count("emails_clicked"),
    sms_sent: count("sms_sent"),
    sms_replied: count("sms_replied"),
    goals: count("goals"),
    revenue: days.reduce((sum, { revenue }) => sum + Math.round(Number(revenue) * 100), 0) / 100,
  };
}

/** Whether anything at all happened. */
export function isQuiet(days: readonly Day[]): boolean {
  // Revenue that was made and taken back adds up to nothing, and yet happened.
  return days.every(
    (day) => Number(day.revenue) === 0 && ALL_LINES.every((line) => day[line] === 0),
  );
}

function beginOf(day: string, grain: Grain): string {
  if (grain === "day") return day;
  if (grain === "month") return day.slice(0, 7);
  const sinceMonday = (dateOf(day).getUTCDay() + 6) % 7;
  return addDays(day, -sinceMonday);
}

const DAY = new Intl.DateTimeFormat("en-US", { month: "short", day: "numeric", timeZone: "UTC" });
const MONTH = new Intl.DateTimeFormat("en-US", {
  month: "short",
  year: "numeric",
  timeZone: "UTC",
});

function labelOf(days: readonly Day[], grain: Grain): string {
  const [first, last] = [days.at(0), days.at(-1)];
  if (!first || !last) return "";
  if (grain === "month") return MONTH.format(dateOf(first.date));
  return first === last
    ? DAY.format(dateOf(first.date))
    : DAY.formatRange(dateOf(first.date), dateOf(last.date));
}
