/** What there is to say of a template in few words. */

import type { CampaignTemplate } from "@/api/types";
import { counted } from "@/format/format";
import { TEMPLATE_CATEGORIES } from "@/format/words";

/** A category of the system's has a name; a company's own is called as it is written. */
export function categoryWords(category: string): string {
  return TEMPLATE_CATEGORIES[category] ?? category;
}

/** The categories in use: the system's in their order, then the company's own by the alphabet. */
export function categoriesOf(templates: readonly Pick<CampaignTemplate, "category">[]): string[] {
  const used = new Set(templates.map(({ category }) => category));
  const known = Object.keys(TEMPLATE_CATEGORIES).filter((each) => used.has(each));
  const own = [...used].filter((each) => !(each in TEMPLATE_CATEGORIES));
  return [...known, ...own.sort((one, other) => one.localeCompare(other))];
}

/** "6 steps over 7 days" */
export function lengthWords(
  template: Pick<CampaignTemplate, "steps_count" | "duration_days">,
): string {
  const steps = counted(template.steps_count, "step");
  return template.duration_days === 0
    ? `${steps}, at once`
    : `${steps} over ${counted(template.duration_days, "day")}`;
}

/** "3 e-mails, 2 texts, 1 task" */
export function messageWords({ steps }: Pick<CampaignTemplate, "steps">): string {
  const count = (type: string) => steps.filter(({ step_type }) => step_type === type).length;
  return [
    { count: count("send_email"), one: "e-mail" },
    { count: count("send_sms"), one: "text" },
    { count: count("create_task"), one: "task" },
  ]
    .filter(({ count }) => count > 0)
    .map(({ count, one }) => counted(count, one))
    .join(", ");
}
