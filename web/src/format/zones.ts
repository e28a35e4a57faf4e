/** Clocks: a time that somebody reads on one, and the zones that homeowners in the US live in. */

import dayjs from "dayjs";
import timezone from "dayjs/plugin/timezone";
import utc from "dayjs/plugin/utc";

dayjs.extend(utc);
dayjs.extend(timezone);

/** The moment when the clocks of a zone show `wall` (`2026-11-23T09:00`). */
export function momentOf(wall: string, timeZone: string): string {
  return dayjs.tz(wall, timeZone).toISOString();
}

/** What the clocks of a zone show at a moment, as a field for a time takes it: `2026-11-23T09:00`. */
export function wallOf(iso: string, timeZone: string): string {
  return dayjs(iso).tz(timeZone).format("YYYY-MM-DDTHH:mm");
}

/** The day on the calendar of a zone: `2026-11-23`. */
export function dayIn(iso: string, timeZone: string): string {
  return dayjs(iso).tz(timeZone).format("YYYY-MM-DD");
}

/** How many days on the calendar lie between two days. */
export function daysBetween(first: string, last: string): number {
  return dayjs.utc(last).diff(dayjs.utc(first), "day");
}

/** "Denver" */
export function cityOf(timeZone: string): string {
  return (timeZone.split("/").at(-1) ?? timeZone).replaceAll("_", " ");
}

export const US_ZONES = [
  { value: "America/New_York", label: "Eastern (New York)" },
  { value: "America/Chicago", label: "Central (Chicago)" },
  { value: "America/Denver", label: "Mountain (Denver)" },
  { value: "America/Phoenix", label: "Arizona (Phoenix)" },
  { value: "America/Los_Angeles", label: "Pacific (Los Angeles)" },
  { value: "America/Anchorage", label: "Alaska (Anchorage)" },
  { value: "Pacific/Honolulu", label: "Hawaii (Honolulu)" },
];
