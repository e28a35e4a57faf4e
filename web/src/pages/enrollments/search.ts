/** What the list's address holds, so that Back leads to what was there. */

import type { EnrollmentStatus } from "@/api/types";
import { pageOf, textOf } from "@/format/address";
import { ENROLLMENT_STATUSES } from "@/format/words";

export interface ListSearch {
  status?: EnrollmentStatus | undefined;
  /** Part of the contact's name, e-mail address or phone number. */
  search?: string | undefined;
  /** From 1. */
  page?: number | undefined;
}

/** What of an address can be understood; the rest of it is left out. */
export function readSearch(raw: Record<string, unknown>): ListSearch {
  const search = textOf(raw.search);
  return {
    ...(isStatus(raw.status) && { status: raw.status }),
    ...(search && { search }),
    ...pageOf(raw),
  };
}

function isStatus(value: unknown): value is EnrollmentStatus {
  return typeof value === "string" && Object.hasOwn(ENROLLMENT_STATUSES, value);
}
