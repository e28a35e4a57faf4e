import type { CampaignTemplate } from "@/api/types";
import { useVocabulary } from "@/conditions/useVocabulary";
import { sayTrigger } from "@/format/triggers";

/** What starts a campaign that is made of the template, in words. */
export function useStartLines({ triggers }: Pick<CampaignTemplate, "triggers">): string[] {
  const vocabulary = useVocabulary();
  const said = triggers.map((trigger) => {
    const { trigger_type, trigger_config, enrollment_conditions, exclusion_conditions } = trigger;
    const text = sayTrigger(
      { trigger_type, trigger_config, enrollment_conditions, exclusion_conditions },
      vocabulary,
    );
    return trigger.is_active === false ? `${text} (switched off)` : text;
  });
  return said.length > 0 ? said : ["By hand: somebody enrolls the contact"];
}
