/** What the page's address holds. */

import { textOf } from "@/format/address";

export interface ConversationSearch {
  /** Whose messages are shown, by id. */
  contact?: string | undefined;
  /** Part of the name, e-mail address or phone number. */
  search?: string | undefined;
  /** Only those with replies that nobody has read. */
  unread?: true | undefined;
}

/** What of an address can be understood; the rest of it is left out. */
export function readConversationSearch(raw: Record<string, unknown>): ConversationSearch {
  const search = textOf(raw.search);
  return {
    ...(typeof raw.contact === "string" && raw.contact && { contact: raw.contact }),
    ...(search && { search }),
    ...(raw.unread === true && { unread: true }),
  };
}
