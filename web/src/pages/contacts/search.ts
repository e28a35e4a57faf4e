/** What the list's address holds, so that Back leads to what was there. */

import { pageOf, textOf } from "@/format/address";

export interface ContactSearch {
  /** Part of the name, e-mail address or phone number. */
  search?: string | undefined;
  stage?: string | undefined;
  tag?: string | undefined;
  /** From 1. */
  page?: number | undefined;
}

/** What of an address can be understood; the rest of it is left out. */
export function readContactSearch(raw: Record<string, unknown>): ContactSearch {
  const search = textOf(raw.search);
  const stage = textOf(raw.stage);
  const tag = textOf(raw.tag);
  return {
    ...(search && { search }),
    ...(stage && { stage }),
    ...(tag && { tag }),
    ...pageOf(raw),
  };
}
