/** A contact as it is written in a form, and what the API is told of it. */

import type { Schemas } from "@/api/client";
import type { Contact } from "@/api/types";

export type ContactBody = Schemas["ContactBody"];
export type CustomValue = NonNullable<ContactBody["custom"]>[string];

export interface ContactValues {
  first_name: string;
  last_name: string;
  email: string;
  phone: string;
  stage: string;
  tags: string[];
  custom: Record<string, CustomValue>;
  timezone: string | null;
  state: string;
  postal_code: string;
  assigned_to: string | null;
  email_opt_out: boolean;
  sms_opt_out: boolean;
  sms_consent: boolean;
}

export const NEW_CONTACT: ContactValues = {
  first_name: "",
  last_name: "",
  email: "",
  phone: "",
  stage: "",
  tags: [],
  custom: {},
  timezone: null,
  state: "",
  postal_code: "",
  assigned_to: null,
  email_opt_out: false,
  sms_opt_out: false,
  sms_consent: false,
};

export function valuesOf(contact: Contact): ContactValues {
  return {
    first_name: contact.first_name ?? "",
    last_name: contact.last_name ?? "",
    email: contact.email ?? "",
    phone: contact.phone ?? "",
    stage: contact.stage ?? "",
    tags: contact.tags,
    custom: contact.custom as ContactValues["custom"],
    timezone: contact.timezone,
    state: contact.state ?? "",
    postal_code: contact.postal_code ?? "",
    assigned_to: contact.assigned_to,
    email_opt_out: contact.email_opt_out,
    sms_opt_out: contact.sms_opt_out,
    sms_consent: contact.sms_consent,
  };
}

/** Only what is other than before: a campaign may change the rest meanwhile. Emptied fields are null. */
export function changesOf(before: ContactValues, after: ContactValues): ContactBody {
  const changed = Object.entries(after).filter(
    ([name, value]) =>
      JSON.stringify(before[name as keyof ContactValues]) !== JSON.stringify(value),
  );
  return Object.fromEntries(
    changed.map(([name, value]) => [
      name,
      typeof value === "string" ? value.trim() || null : value,
    ]),
  );
}
