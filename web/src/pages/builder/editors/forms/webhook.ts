/** A webhook's headers and body as they are edited. */

import { isRecord } from "@/format/json";
import type { Config } from "../stepValues";

export type Header = readonly [name: string, value: string];

export function headersOf(config: Config): Header[] {
  return isRecord(config.headers)
    ? Object.entries(config.headers).map(([name, value]) => [name, String(value)] as const)
    : [];
}

/** As the API takes them; of two of one name the last one holds. Rows without a name are not there yet. */
export function writeHeaders(headers: readonly Header[]): Config | undefined {
  const named = headers.filter(([name]) => name.trim());
  return named.length > 0 ? Object.fromEntries(named) : undefined;
}

/** A body for the eye: a text as it is, anything else as JSON. */
export function showBody(body: unknown): string {
  if (body === undefined || body === null) return "";
  return typeof body === "string" ? body : JSON.stringify(body, null, 2);
}

/** JSON where it is some, else the text. */
export function readBody(text: string): unknown {
  if (!text.trim()) return undefined;
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === "object" ? body : text;
  } catch {
    return text;
  }
}
