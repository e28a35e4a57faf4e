import { useMutation } from "@tanstack/react-query";
import { client } from "@/api/client";
import { showProblem } from "@/ui/forms";

const AT_ONCE = 10;

/** Mark all notifications as read, as the API does it: one by one. */
export function useReadAll() {
  return useMutation({ mutationFn: readAll, onError: (error) => showProblem(error) });
}

async function readAll(): Promise<void> {
  for (;;) {
    const { data, error } = await client.GET("/api/notifications", {
      params: { query: { unread: true, limit: AT_ONCE } },
    });
    if (!data) throw error;
    if (data.notifications.length === 0) return;
    await Promise.all(data.notifications.map(({ id }) => read(id)));
  }
}

async function read(id: string): Promise<void> {
  const { error } = await client.PATCH("/api/notifications/{notification_id}", {
    params: { path: { notification_id: id } },
    body: { is_read: true },
  });
  if (error) throw error;
}
