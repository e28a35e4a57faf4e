/** What the list's address holds, so that Back leads to what was there. */

import type { Schemas } from "@/api/client";
import { pageOf } from "@/format/address";

export type TaskStatus = Schemas["Task"]["status"];

export interface TaskSearch {
  /** Everybody's, not only one's own. */
  whose?: "all" | undefined;
  /** Else those that are open. */
  status?: "completed" | "cancelled" | undefined;
  /** From 1. */
  page?: number | undefined;
}

/** What of an address can be understood; the rest of it is left out. */
export function readTaskSearch(raw: Record<string, unknown>): TaskSearch {
  return {
    ...(raw.whose === "all" && { whose: "all" }),
    ...((raw.status === "completed" || raw.status === "cancelled") && { status: raw.status }),
    ...pageOf(raw),
  };
}
