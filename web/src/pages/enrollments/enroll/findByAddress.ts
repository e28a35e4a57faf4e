import { client } from "@/api/client";
import type { Contact } from "@/api/types";
import { filtersFor, readAddresses } from "./addresses";

const PAGE = 200;

/** The contacts whose addresses or numbers stand in a text, and what of it belongs to nobody. */
export async function findByAddress(
  text: string,
): Promise<{ contacts: Contact[]; missing: string[] }> {
  const addresses = readAddresses(text);
  const contacts: Contact[] = [];
  for (const filter of filtersFor(addresses)) {
    for (let offset = 0, total = 1; offset < total; offset += PAGE) {
      const { data, error } = await client.POST("/api/contacts/search", {
        body: { filter, limit: PAGE, offset },
      });
      if (!data) throw error;
      contacts.push(...data.contacts);
      total = data.total;
    }
  }
  const known = new Set(contacts.flatMap(({ email, phone }) => [email?.toLowerCase(), phone]));
  const { emails, phones, unreadable } = addresses;
  const missing = [...emails, ...phones].filter((address) => !known.has(address));
  return { contacts, missing: [...missing, ...unreadable] };
}
