import { useQueries } from "@tanstack/react-query";
import { api } from "@/api/client";
import { type Filter, liveStatuses } from "./gather";

/** How many of those who fit are under way; undefined while it is counted. */
export function useLiveCount(campaignId: string, filter: Filter, enabled: boolean) {
  const counts = useQueries({
    queries: liveStatuses(filter).map((status) => ({
      ...api.queryOptions("get", "/api/campaigns/{campaign_id}/enrollments", {
        params: { path: { campaign_id: campaignId }, query: { ...filter, status, limit: 1 } },
      }),
      enabled,
    })),
  });
  if (counts.some(({ data }) => data === undefined)) return undefined;
  return counts.reduce((sum, { data }) => sum + (data?.total ?? 0), 0);
}
