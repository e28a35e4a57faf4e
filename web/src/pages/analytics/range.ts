/** Which days a report is about, as its address holds them, and what they are called. */

import dayjs from "dayjs";
import utc from "dayjs/plugin/utc";
import { dayIn, daysBetween } from "@/format/zones";

dayjs.extend(utc);

export const PRESETS = {
  "7d": "7 days",
  "30d": "30 days",
  "90d": "90 days",
  year: "This year",
} as const;

export type Preset = keyof typeof PRESETS;

/** Without any of these it is all that ever happened. */
export interface RangeSearch {
  range?: Preset;
  /** The first day: `2026-11-01`. */
  from?: string;
  /** The last day, included. */
  to?: string;
}

/** What the API is asked for. */
export interface RangeQuery {
  from?: string;
  to?: string;
  timezone: string;
}

export type Choice = Preset | "all" | "own";

/** What of an address can be understood; days that are none, or end before they begin, are left out. */
export function readRange(raw: Record<string, unknown>): RangeSearch {
  if (isPreset(raw.range)) return { range: raw.range };
  const from = isDay(raw.from) ? raw.from : undefined;
  const to = isDay(raw.to) && !(from && raw.to < from) ? raw.to : undefined;
  return { ...(from && { from }), ...(to && { to }) };
}

/** The days to ask for: "7 days" are today, as the zone's calendar has it, and the six before. */
export function queryOf(search: RangeSearch, timezone: string, now = new Date()): RangeQuery {
  const { range, ...own } = search;
  if (!range) return { ...own, timezone };
  const today = dayIn(now.toISOString(), timezone);
  const days = { "7d": 7, "30d": 30, "90d": 90, year: 0 }[range];
  const from = days ? addDays(today, 1 - days) : `${today.slice(0, 4)}-01-01`;
  return { from, timezone };
}

export function choiceOf({ range, from, to }: RangeSearch): Choice {
  return range ?? (from || to ? "own" : "all");
}

/** What the address becomes by a choice. An own range begins as the days that were shown, or the last 30. */
export function searchFor(
  choice: Choice,
  before: RangeSearch,
  timezone: string,
  now = new Date(),
): RangeSearch {
  if (choice === "all") return {};
  if (choice !== "own") return { range: choice };
  const shown = before.range ? before : { range: "30d" as const };
  const { from } = queryOf(shown, timezone, now);
  return { ...(from && { from }), to: dayIn(now.toISOString(), timezone) };
}

/** "Nov 1 – Nov 22, 2026", "since Nov 16, 2026" */
export function sayRange({ from, to }: Pick<RangeQuery, "from" | "to">): string {
  if (from && to) return from === to ? sayDay(from) : DAY.formatRange(dateOf(from), dateOf(to));
  if (from) return `Since ${sayDay(from)}`;
  return to ? `Until ${sayDay(to)}` : "All time";
}

export function addDays(day: string, days: number): string {
  return dayjs.utc(day).add(days, "day").format("YYYY-MM-DD");
}

/** How many days, the first and the last included. */
export function lengthOf(first: string, last: string): number {
  return daysBetween(first, last) + 1;
}

/** A day of the calendar, for formats in UTC. */
export function dateOf(day: string): Date {
  return new Date(`${day}T00:00:00Z`);
}

const DAY = new Intl.DateTimeFormat("en-US", { dateStyle: "medium", timeZone: "UTC" });
const FIRST = "1970-01-01";
const LAST = "2999-12-31";

/** Nov 22, 2026 */
export function sayDay(day: string): string {
  return DAY.format(dateOf(day));
}

function isPreset(value: unknown): value is Preset {
  return typeof value === "string" && Object.hasOwn(PRESETS, value);
}

function isDay(value: unknown): value is string {
  if (typeof value !== "string" || !/^\d{4}-\d\d-\d\d$/.test(value)) return false;
  const date = dateOf(value);
  // February 30 becomes March 2, or no date at all.
  const exists = !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value);
  return exists && value >= FIRST && value <= LAST;
}
