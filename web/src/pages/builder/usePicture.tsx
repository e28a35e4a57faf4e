import { useCallback, useMemo } from "react";
import { api } from "@/api/client";
import type { Campaign, Step } from "@/api/types";
import { stepTitle } from "@/format/steps";
import { sayTrigger } from "@/format/triggers";
import { cardOf, heightOf } from "./cards";
import { inList, type Place, SIDES } from "./flow";
import { layOut } from "./layout";
import { StartCard } from "./StartCard";

const MOST_TRIGGERS = 3;

/** What there is to see of a campaign: its cards and where they stand. */
export function usePicture(campaign: Campaign, steps: Step[]) {
  const params = { path: { campaign_id: campaign.id } };
  const { data: vocabulary } = api.useQuery("get", "/api/vocabulary", {}, { staleTime: 300_000 });
  const { data: found } = api.useQuery("get", "/api/campaigns/{campaign_id}/problems", { params });
  const problems = found?.problems;
  const lines = useStartLines(campaign);

  const cards = useMemo(
    () => new Map(steps.map((step) => [step.id, cardOf(step, problems ?? [], vocabulary)])),
    [steps, problems, vocabulary],
  );
  const picture = useMemo(() => {
    const height = (step: Step) => {
      const card = cards.get(step.id);
      return card ? heightOf(card) : 0;
    };
    return layOut(steps, height, 40 + 20 * lines.length);
  }, [steps, cards, lines.length]);
  const start = useMemo(
    () => <StartCard campaignId={campaign.id} lines={lines} />,
    [campaign.id, lines],
  );
  const whereIs = useCallback((place: Place) => sayPlace(steps, place), [steps]);
  return { picture, cards, start, whereIs, problems: problems ?? [] };
}

/** What starts the campaign, in words. */
function useStartLines({ id, enrollment_type }: Campaign): string[] {
  const { data } = api.useQuery("get", "/api/campaigns/{campaign_id}/triggers", {
    params: { path: { campaign_id: id } },
  });
  const { data: vocabulary } = api.useQuery("get", "/api/vocabulary", {}, { staleTime: 300_000 });
  return useMemo(() => {
    if (enrollment_type === "manual") return ["By hand: somebody enrolls the contact"];
    if (!data) return ["…"];
    const said = data.triggers.map((trigger) => {
      const text = sayTrigger(trigger, vocabulary);
      return trigger.is_active ? text : `${text} (switched off)`;
    });
    if (said.length === 0) return ["By hand: nothing else starts it yet"];
    const more = said.length - MOST_TRIGGERS;
    return more > 1 ? [...said.slice(0, MOST_TRIGGERS), `and ${more} more`] : said;
  }, [data, vocabulary, enrollment_type]);
}

/** Where a "+" is: "after E-mail: …", "first, where Branch: … is yes". */
function sayPlace(steps: readonly Step[], place: Place): string {
  const before = inList(steps, place)[place.index - 1];
  if (before) return `after ${stepTitle(before)}`;
  const parent = steps.find(({ id }) => id === place.parentId);
  if (!parent) return "at the start";
  const side = SIDES.find(({ branch }) => branch === place.branch);
  return `first, where ${stepTitle(parent)} says ${side?.word.toLowerCase()}`;
}
