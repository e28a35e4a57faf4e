/** Messages in words. */

import type { Message } from "@/api/types";

/** What has become of a message that was sent: the furthest that it came. */
export function fateOf(message: Pick<Message, "status" | "opened_at" | "clicked_at">): string {
  if (message.clicked_at) return "Opened, a link was clicked";
  if (message.opened_at) return "Opened";
  return MESSAGE_STATUSES[message.status];
}

/** Whether it went wrong for good, so that somebody may want to do something. */
export function hasFailed({ status }: Pick<Message, "status">): boolean {
  return status === "failed" || status === "bounced" || status === "skipped";
}

const MESSAGE_STATUSES: Readonly<Record<Message["status"], string>> = {
  queued: "On its way out",
  sent: "Sent",
  delivered: "Delivered",
  bounced: "Came back",
  failed: "Failed",
  skipped: "Not sent",
  unknown: "Nobody knows whether it went out",
  received: "Received",
};
