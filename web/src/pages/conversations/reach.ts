/** Why a contact cannot be written to, in words. */

import type { Problem } from "@/api/client";
import type { Contact, Message } from "@/api/types";
import { capitalized, formatTime } from "@/format/format";

export type Channel = Message["channel"];

type Reach = Pick<Contact, "email" | "phone" | "email_opt_out" | "sms_opt_out" | "sms_consent">;

/** What of the contact itself stands in the way; null where nothing does. */
export function reasonAgainst(channel: Channel, contact: Reach, name: string): string | null {
  if (channel === "email") {
    if (!contact.email) return `${name} has no e-mail address.`;
    return contact.email_opt_out ? `${name} has opted out of e-mail.` : null;
  }
  if (!contact.phone) return `${name} has no phone number.`;
  if (contact.sms_opt_out) return `${name} has opted out of texts.`;
  return contact.sms_consent
    ? null
    : `${name} has not agreed to texts. Once that is noted under Edit, you can text.`;
}

/** The channel of the last word that can still be used, else one that can, else e-mail. */
export function firstChannel(contact: Reach, last: Channel | undefined): Channel {
  const channels: Channel[] = [...(last ? [last] : []), "sms", "email"];
  return channels.find((channel) => reasonAgainst(channel, contact, "") === null) ?? "email";
}

/** A refused message, in words. */
export function sayRefusal(refused: Problem, name: string, timeZone: string): string {
  if (refused.code === "outside_texting_hours")
    return refused.available_at
      ? `It is too early or too late to text ${name}. Texts may go from ${formatTime(refused.available_at, timeZone)}.`
      : `The law leaves no hour at which ${name} may be texted.`;
  if (refused.code === "suppressed") {
    const [, reason = ""] = /: (\w+)$/.exec(refused.detail) ?? [];
    return `Nothing goes to this address: ${SUPPRESSED[reason] ?? "it is on the list of those not to contact"}.`;
  }
  const text = WORDS[refused.code] ?? refused.detail;
  return capitalized(text).replace(/([^.!?])$/, "$1.");
}

/** Until when a refusal holds; null where it is not for the clock to end it. */
export function holdsUntil(refused: Problem): number | null {
  return refused.available_at ? Date.parse(refused.available_at) : null;
}

const SUPPRESSED: Readonly<Record<string, string>> = {
  opt_out: "its owner has opted out",
  hard_bounce: "messages to it come back",
  complaint: "its owner has reported a message as spam",
};

const WORDS: Readonly<Record<string, string>> = {
  no_postal_address:
    "The company's postal address is missing in the settings; no e-mail may go without it",
  no_sender: "The settings name nobody that it could come from",
};
