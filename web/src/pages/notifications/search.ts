/** What the list's address holds. */

import { pageOf } from "@/format/address";

export interface NotificationSearch {
  /** Else what is unread. */
  show?: "all" | undefined;
  /** From 1. */
  page?: number | undefined;
}

/** What of an address can be understood; the rest of it is left out. */
export function readNotificationSearch(raw: Record<string, unknown>): NotificationSearch {
  return {
    ...(raw.show === "all" && { show: "all" }),
    ...pageOf(raw),
  };
}
