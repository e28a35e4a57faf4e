/** Making a campaign of a template, with the texts that were changed. */

import { client, type Problem, problemOf } from "@/api/client";
import type { Campaign, CampaignTemplate } from "@/api/types";
import type { Config } from "@/pages/builder/editors/stepValues";
import { asSteps, matchSteps } from "./messages";

/** A changed text that the API refuses. */
export class RefusedText extends Error {
  constructor(
    readonly stepId: string,
    readonly problem: Problem,
  ) {
    super(problem.detail);
  }
}

/**
 * A draft of the template. `changed` are the configurations of steps by their names in the template. Raises what the API
 * refuses, `RefusedText` where it is one of these; then no draft is left behind.
 */
export async function createFrom(
  template: CampaignTemplate,
  name: string,
  changed: ReadonlyMap<string, Config>,
): Promise<Campaign> {
  const { data, error } = await client.POST("/api/campaigns/from-template", {
    body: { template_id: template.id, version: template.version, name },
  });
  if (!data) throw error;
  try {
    if (changed.size > 0) await reword(data.campaign.id, template, changed);
  } catch (refused) {
    await client.DELETE("/api/campaigns/{campaign_id}", {
      params: { path: { campaign_id: data.campaign.id } },
    });
    throw refused;
  }
  return data.campaign;
}

async function reword(
  campaign_id: string,
  template: CampaignTemplate,
  changed: ReadonlyMap<string, Config>,
): Promise<void> {
  const { data, error } = await client.GET("/api/campaigns/{campaign_id}/steps", {
    params: { path: { campaign_id } },
  });
  if (!data) throw error;
  const ids = matchSteps(asSteps(template), data.steps);
  for (const [stepId, step_config] of changed) {
    const answer = await client.PATCH("/api/campaigns/{campaign_id}/steps/{step_id}", {
      params: { path: { campaign_id, step_id: ids.get(stepId) ?? "" } },
      body: { step_config },
    });
    if (!answer.data) throw new RefusedText(stepId, problemOf(answer.error));
  }
}
