import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { api, type Schemas } from "@/api/client";
import type { Campaign, StepType } from "@/api/types";
import type { Config } from "../stepValues";

export type Shown = Schemas["ShownVariant"] | Schemas["Preview"];

/** Who stands in where no contact is chosen. */
export const STAND_IN = {
  first_name: "Alex",
  last_name: "Rivera",
  email: "alex.rivera@example.com",
  phone: "+13035550123",
  sms_consent: true,
} as const;

/** Somebody to show it to: nobody yet, a contact, or the one who stands in. */
export function usePreviewContact(stepType: StepType) {
  const [chosen, choose] = useState<string | null>();
  const { data, isSuccess } = api.useQuery("get", "/api/contacts", {
    params: { query: { limit: 20 } },
  });
  const reached = data?.contacts.find(({ email, phone }) =>
    stepType === "send_sms" ? phone : email,
  );
  const contactId = chosen === undefined ? (reached?.id ?? null) : chosen;
  return { contactId, choose, isKnown: chosen !== undefined || isSuccess };
}

export function subjectOf(contactId: string | null) {
  return contactId ? { contact_id: contactId } : { contact: STAND_IN };
}

/** What the step as it stands would say, shortly after it was last changed. */
export function usePreview(
  campaign: Campaign,
  stepType: StepType,
  config: Config,
  contactId: string | null,
  isEnabled: boolean,
) {
  const [settled] = useDebouncedValue(config, 400);
  return api.useQuery(
    "post",
    "/api/campaigns/{campaign_id}/previews",
    {
      params: { path: { campaign_id: campaign.id } },
      body: { step_type: stepType, step_config: settled, ...subjectOf(contactId) },
    },
    { placeholderData: (before) => before, enabled: isEnabled, staleTime: 60_000 },
  );
}

/** What is shown of one version, or of the message where none are tested. */
export function shownOf(
  preview: Schemas["Preview"] | undefined,
  version: number,
): Shown | undefined {
  return preview?.variants[version] ?? preview;
}
