/** Whom an action on "all that fit" is about, in the API's words. */

import { client, type Schemas } from "@/api/client";
import type { EnrollmentStatus } from "@/api/types";
import type { ListSearch } from "./search";

export type Action = Schemas["EnrollmentsAction"]["action"];
export type Filter = Pick<ListSearch, "status" | "search">;

/** As many ids as one request takes. */
export const MAX_IDS = 10_000;
const PAGE = 200;

/** The statuses that somebody may have to whom something can be done, of those that the list shows. */
export function liveStatuses({ status }: Filter): EnrollmentStatus[] {
  if (!status) return ["active", "paused"];
  return status === "active" || status === "paused" ? [status] : [];
}

/**
 * Whether the action comes to the same if it is done to everybody who is under way: the API's filter knows contacts
 * alone, neither a search nor a status. Who is paused stays so when others are paused.
 */
export function meansEverybody(action: Action, { status, search }: Filter): boolean {
  if (search) return false;
  return (
    !status ||
    (status === "active" && action === "pause") ||
    (status === "paused" && action === "resume")
  );
}

/** The ids of all who fit and are under way, told page by page how many there are so far. */
export async function gather(
  campaignId: string,
  filter: Filter,
  onCount: (count: number) => void,
): Promise<string[]> {
  const ids = new Set<string>();
  for (const status of liveStatuses(filter)) {
    let cursor: string | undefined;
    do {
      const { data, error } = await client.GET("/api/campaigns/{campaign_id}/enrollments", {
        params: {
          path: { campaign_id: campaignId },
          query: { ...filter, status, limit: PAGE, ...(cursor && { cursor }) },
        },
      });
      if (!data) throw error;
      for (const { id } of data.enrollments) ids.add(id);
      onCount(ids.size);
      cursor = data.next_cursor ?? undefined;
    } while (cursor);
  }
  return [...ids];
}

/** In portions of as many as one request takes. */
export function portions(ids: readonly string[], size = MAX_IDS): string[][] {
  return Array.from({ length: Math.ceil(ids.length / size) }, (_, index) =>
    ids.slice(index * size, (index + 1) * size),
  );
}
