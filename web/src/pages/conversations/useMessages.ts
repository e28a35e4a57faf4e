import { useEffect } from "react";
import { api, client, queries } from "@/api/client";
import type { Message } from "@/api/types";

const POLL_MS = 5_000;
const LIMIT = 30;

/** The conversation with a contact, oldest first, read anew while it is on the screen. */
export function useMessages(contactId: string) {
  const query = api.useInfiniteQuery(
    "get",
    "/api/contacts/{contact_id}/messages",
    { params: { path: { contact_id: contactId }, query: { limit: LIMIT } } },
    {
      pageParamName: "offset",
      initialPageParam: 0,
      getNextPageParam: ({ offset, limit, total }: Part) =>
        offset + limit < total ? offset + limit : undefined,
      refetchInterval: POLL_MS,
    },
  );
  // A message that comes between two pages moves the others on: each is shown once.
  const newestFirst = new Map(
    (query.data?.pages ?? []).flatMap(({ messages }) => messages.map((each) => [each.id, each])),
  );
  return { query, messages: [...newestFirst.values()].reverse() };
}

interface Part {
  offset: number;
  limit: number;
  total: number;
}

/** What is looked at is read; each further message of the contact is too while it is looked at. */
export function useReading(contactId: string, last: Message | undefined): void {
  const lastId = last?.id;
  useEffect(() => {
    if (!lastId) return;
    client
      .POST("/api/contacts/{contact_id}/messages/read", {
        params: { path: { contact_id: contactId } },
      })
      .then(() => queries.invalidateQueries({ queryKey: ["get", "/api/conversations"] }));
  }, [contactId, lastId]);
}
