import { List, Text } from "@mantine/core";
import { api, client } from "@/api/client";
import type { Campaign, Step } from "@/api/types";
import { confirm } from "@/ui/confirm";
import { bodyOf, changesBetween, type StepDraft, type StepValues } from "./stepValues";
import { describeEffect } from "./words";

interface Saving {
  campaign: Campaign;
  step: Step | undefined;
  draft: StepDraft | undefined;
  /** The step as it was when somebody began to edit it. */
  before: StepValues;
}

/** Saves the step; in a campaign that runs it is asked for first, with what it does to those on their way. */
export function useSaveStep({ campaign, step, draft, before }: Saving) {
  const add = api.useMutation("post", "/api/campaigns/{campaign_id}/steps");
  const patch = api.useMutation("patch", "/api/campaigns/{campaign_id}/steps/{step_id}");

  /** Whether it was saved. Throws the API's refusal. */
  return async (values: StepValues): Promise<boolean> => {
    const path = { campaign_id: campaign.id };
    const runs = campaign.status === "active" || campaign.status === "paused";
    if (step) {
      const at = { ...path, step_id: step.id };
      const body = changesBetween(before, values);
      if (runs) {
        const { data, error } = await client.PATCH("/api/campaigns/{campaign_id}/steps/{step_id}", {
          params: { path: at, query: { preview: true } },
          body,
        });
        if (error) throw error;
        if (!(await agree(describeEffect(data, false, campaign)))) return false;
      }
      await patch.mutateAsync({ params: { path: at }, body });
    } else if (draft) {
      const { parent_step_id, branch, step_order } = draft;
      const body = { ...bodyOf(values), parent_step_id, branch, step_order };
      if (runs) {
        const { data, error } = await client.POST("/api/campaigns/{campaign_id}/steps", {
          params: { path, query: { preview: true } },
          body,
        });
        if (error) throw error;
        if (!(await agree(describeEffect(data, true, campaign)))) return false;
      }
      await add.mutateAsync({ params: { path }, body });
    }
    return true;
  };
}

async function agree(effects: readonly string[]): Promise<boolean> {
  if (effects.length === 0) return true;
  const [only] = effects;
  return confirm({
    title: "Save the change?",
    says:
      effects.length === 1 ? (
        <Text size="sm">{only}</Text>
      ) : (
        <List size="sm">
          {effects.map((effect) => (
            <List.Item key={effect}>{effect}</List.Item>
          ))}
        </List>
      ),
    yes: "Save",
  });
}
