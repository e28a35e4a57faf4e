/** The steps of a campaign as edits reach them, and what an edit would do to those who are on their way. */

import { client, type Schemas } from "@/api/client";
import { type Edit, type Ids, perform, type Server } from "./edits";

export type Effect = Pick<Schemas["AddedStep"], "waiting" | "due_now" | "will_get" | "will_miss">;

/** The API's steps of a campaign. */
export function serverOf(campaignId: string): Server {
  return calls(campaignId, false, () => {});
}

/** What an edit would do, without doing it. Making steps anew is not asked for. */
export async function foresee(edit: Edit, campaignId: string, ids: Ids): Promise<Effect | null> {
  if (edit.kind === "add") return null;
  let effect: Effect | null = null;
  const trial = calls(campaignId, true, (told) => {
    effect = told;
  });
  await perform(edit, trial, ids);
  return effect;
}

function calls(campaignId: string, preview: boolean, tell: (effect: Effect) => void): Server {
  const path = { campaign_id: campaignId };
  const query = { preview };
  return {
    list: async () =>
      taken(await client.GET("/api/campaigns/{campaign_id}/steps", { params: { path } })).steps,
    add: async (body) => {
      const params = { path, query };
      return taken(await client.POST("/api/campaigns/{campaign_id}/steps", { params, body })).step;
    },
    alter: async (step_id, body) => {
      const params = { path: { ...path, step_id }, query };
      tell(
        taken(await client.PATCH("/api/campaigns/{campaign_id}/steps/{step_id}", { params, body })),
      );
    },
    remove: async (step_id) => {
      const params = { path: { ...path, step_id }, query };
      tell(taken(await client.DELETE("/api/campaigns/{campaign_id}/steps/{step_id}", { params })));
    },
    order: async (step_ids) => {
      const params = { path, query };
      const body = { step_ids };
      tell(taken(await client.PUT("/api/campaigns/{campaign_id}/steps/order", { params, body })));
    },
  };
}

/** What was answered; raises what was refused. */
function taken<Data>(answer: { data?: Data; error?: unknown }): NonNullable<Data> {
  if (answer.data === undefined || answer.data === null) throw answer.error;
  return answer.data;
}
