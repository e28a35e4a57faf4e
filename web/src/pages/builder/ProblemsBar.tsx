import { Anchor, Button, Collapse, Group, List, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { Schemas } from "@/api/client";
import type { Campaign, Step } from "@/api/types";
import { counted } from "@/format/format";
import { stepTitle } from "@/format/steps";
import { AnchorLink } from "@/ui/links";
import styles from "./builder.module.css";
import { sayProblem } from "./cards";

/** So many are shown without asking. */
const FEW = 2;

type Problem = Schemas["ReadinessProblem"];

interface Props {
  campaign: Campaign;
  problems: readonly Problem[];
  steps: readonly Step[];
  onGoTo: (stepId: string) => void;
}

/** What is to be mended before the campaign can start, each with the way to where that is done. */
export function ProblemsBar({ campaign, problems, steps, onGoTo }: Props) {
  const [isOpen, { toggle }] = useDisclosure(problems.length <= FEW);
  if (problems.length === 0 || campaign.status === "archived") return null;
  const things = counted(problems.length, "thing");
  const before = campaign.status === "active" ? "" : " before it can start";
  return (
    <section className={styles.toMend} aria-label="To mend">
      <Group gap="xs" wrap="nowrap">
        <IconAlertTriangle size={18} aria-hidden />
        <Text size="sm" fw={600} flex={1}>
          {things} to mend{before}
        </Text>
        {problems.length > FEW && (
          <Button variant="default" size="compact-sm" aria-expanded={isOpen} onClick={toggle}>
            {isOpen ? "Hide" : "Show"}
          </Button>
        )}
      </Group>
      <Collapse expanded={isOpen}>
        <List size="sm" mt={4} style={{ maxHeight: "30dvh", overflowY: "auto" }}>
          {problems.map((problem) => (
            <List.Item key={`${problem.code} ${problem.step_id} ${problem.field}`}>
              <Where
                problem={problem}
                step={steps.find(({ id }) => id === problem.step_id)}
                campaignId={campaign.id}
                onGoTo={onGoTo}
              />
            </List.Item>
          ))}
        </List>
      </Collapse>
    </section>
  );
}

function Where(props: {
  problem: Problem;
  step: Step | undefined;
  campaignId: string;
  onGoTo: Props["onGoTo"];
}) {
  const { problem, step, campaignId, onGoTo } = props;
  const isOfCompany = problem.field?.startsWith("settings.");
  const isOfCampaign = !isOfCompany && (!step || problem.field === "business_hours");
  return (
    <>
      {sayProblem(problem)}{" "}
      {step && (
        <Anchor component="button" type="button" size="sm" onClick={() => onGoTo(step.id)}>
          {stepTitle(step)}
        </Anchor>
      )}
      {step && (isOfCompany || isOfCampaign) && " · "}
      {isOfCompany && (
        <AnchorLink to="/settings" size="sm">
          Company settings
        </AnchorLink>
      )}
      {isOfCampaign && (
        <AnchorLink to="/campaigns/$campaignId/settings" params={{ campaignId }} size="sm">
          Campaign settings
        </AnchorLink>
      )}
    </>
  );
}
