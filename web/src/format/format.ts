/** Times, money and shares in words. Times are shown in the company's zone, whose name is said. */

const LOCALE = "en-US";

// Made once: to make one takes longer than to use it a hundred times.
const COUNT = new Intl.NumberFormat(LOCALE);
const MONEY = new Intl.NumberFormat(LOCALE, { style: "currency", currency: "USD" });
const SHARE = new Intl.NumberFormat(LOCALE, { style: "percent", maximumFractionDigits: 1 });
const DISTANCE = new Intl.RelativeTimeFormat(LOCALE, { numeric: "auto" });
const TIMES = new Map<string, Intl.DateTimeFormat>();

function timesIn(timeZone: string, year: "numeric" | undefined): Intl.DateTimeFormat {
  const key = `${timeZone} ${year}`;
  const known = TIMES.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat(LOCALE, {
    timeZone,
    weekday: "short",
    month: "short",
    day: "numeric",
    hour: "numeric",
    minute: "2-digit",
    timeZoneName: "short",
    year,
  });
  TIMES.set(key, made);
  return made;
}

/** Mon, Nov 23, 9:00 AM MST */
export function formatTime(iso: string, timeZone: string): string {
  return timesIn(timeZone, isThisYear(iso) ? undefined : "numeric").format(new Date(iso));
}

/** in 3 days, 5 minutes ago */
export function formatDistance(iso: string, now = Date.now()): string {
  const seconds = (new Date(iso).getTime() - now) / 1000;
  const [unit, length] =
    UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? (["second", 1] as const);
  if (Math.abs(seconds) < 45) return seconds > 0 ? "in a moment" : "just now";
  return DISTANCE.format(Math.round(seconds / length), unit);
}

/** $1,250.00 */
export function formatMoney(amount: string | number): string {
  return MONEY.format(Number(amount));
}

/** 12.5 %, or a dash where there is nothing to divide by. */
export function formatShare(share: number | null | undefined): string {
  if (share === null || share === undefined) return "–";
  return SHARE.format(share);
}

/** 12,345 */
export function formatCount(count: number): string {
  return COUNT.format(count);
}

/** "1 contact", "2 contacts" */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** Ann Lee, or what else is known of a contact. */
export function nameOf(person: {
  first_name: string | null;
  last_name: string | null;
  email?: string | null;
  phone?: string | null;
}): string {
  const name = [person.first_name, person.last_name].filter(Boolean).join(" ");
  return name || person.email || person.phone || "No name";
}

/** "Ann" as the beginning of a sentence. */
export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const UNITS = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
] as const;

function isThisYear(iso: string): boolean {
  return new Date(iso).getFullYear() === new Date().getFullYear();
}
