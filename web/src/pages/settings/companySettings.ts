/** The company's settings as a form holds them, and what the API is told of it. */

import type { Schemas } from "@/api/client";

export type Settings = Omit<Schemas["Settings"], "webhook_secret">;

/** An input holds a text; what is not set is an empty one. */
type Inputs<Fields> = {
  [Name in keyof Fields]-?: Extract<Fields[Name], number> extends never ? string : number | "";
};
export type CompanyForm = Inputs<Settings>;

export function formOf(settings: Settings): CompanyForm {
  return {
    company_name: settings.company_name ?? "",
    postal_address: settings.postal_address ?? "",
    timezone: settings.timezone,
    review_link: settings.review_link ?? "",
    calendar_link: settings.calendar_link ?? "",
    booking_link: settings.booking_link ?? "",
    from_email: settings.from_email ?? "",
    from_name: settings.from_name ?? "",
    sms_number: settings.sms_number ?? "",
    alert_email: settings.alert_email ?? "",
    won_stage: settings.won_stage,
    attribution_days: settings.attribution_days,
    daily_send_cap: settings.daily_send_cap ?? "",
    contact_daily_cap: settings.contact_daily_cap ?? "",
  };
}

/** What differs, so that what others change meanwhile stays; what was emptied is none. */
export function changesOf(form: CompanyForm, before: CompanyForm): Schemas["SettingsPatch"] {
  const changed = Object.entries(form)
    .map(([name, value]) => [name, typeof value === "string" ? value.trim() : value] as const)
    .filter(([name, value]) => value !== before[name as keyof CompanyForm]);
  return Object.fromEntries(changed.map(([name, value]) => [name, value === "" ? null : value]));
}
