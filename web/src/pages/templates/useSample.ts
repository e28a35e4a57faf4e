import { api } from "@/api/client";
import { useSession } from "@/session/session";
import { escapeHtml, fillIn, type Values } from "./liquid";
import type { Wording } from "./messages";

/** The homeowner to whom templates are shown. */
export const HOMEOWNER = "Maria Lopez";

/** Shows a message as a homeowner would get it from this company. */
export function useSample(): (wording: Wording) => Wording {
  const { user, tenant } = useSession();
  const { data } = api.useQuery("get", "/api/settings", {}, { staleTime: 60_000 });
  const settings = data?.settings;
  const company = settings?.company_name ?? tenant.name;
  const values: Values = {
    first_name: "Maria",
    last_name: "Lopez",
    contact_name: HOMEOWNER,
    company_name: company,
    user_name: user.name,
    user_phone: user.phone ?? undefined,
    estimate_amount: "18,450.00",
    monthly_payment: "219.00",
    review_link: settings?.review_link ?? "https://example.com/review",
    calendar_link: settings?.calendar_link ?? "https://example.com/calendar",
    booking_link: settings?.booking_link ?? "https://example.com/book",
    "contact.email": "maria@example.com",
    "contact.phone": "+13035550123",
    "contact.postal_code": "80202",
    "contact.state": "CO",
    "contact.stage": "new",
    "project.name": "Roof replacement",
    "project.estimate_amount": "18,450.00",
    "project.monthly_payment": "219.00",
  };
  const address = settings?.postal_address ?? company;
  return ({ variant, subject, html, body }) => ({
    variant,
    subject: fillIn(subject, values),
    html: html && fillIn(html, values, escapeHtml) + footer(address),
    body: fillIn(body, values),
  });
}

/** What stands below every e-mail. */
function footer(address: string): string {
  const lines = escapeHtml(address).replaceAll("\n", "<br>");
  return `<p style="margin-top:32px;font-size:12px;color:#666">${lines}<br><a href="#">Unsubscribe</a></p>`;
}
