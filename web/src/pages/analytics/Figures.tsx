import { Paper, Progress, SimpleGrid, Text } from "@mantine/core";
import type { ReactNode } from "react";
import type { Schemas } from "@/api/client";
import { formatCount, formatMoney, formatShare } from "@/format/format";
import { Rate } from "./Rate";

interface Props {
  overview: Schemas["Overview"];
  /** What the goal is called; null where a campaign has none. */
  goal: string | null;
  /** What the revenue is of. */
  revenueOf: string;
}

const NOBODY = "Nobody was enrolled in this time";

/** How many were enrolled, how far they came, and what that brought in. */
export function Figures({ overview, goal, revenueOf }: Props) {
  const { total_enrolled, completed, goals_achieved, goal_target, goal_progress } = overview;
  return (
    <SimpleGrid cols={{ base: 2, md: 4 }} spacing="md">
      <Figure label="Total enrolled" value={formatCount(total_enrolled)}>
        contacts that were enrolled
      </Figure>
      <Figure
        label="Completion rate"
        value={<Rate share={overview.completion_rate} why={NOBODY} />}
      >
        {formatCount(completed)} finished all steps
      </Figure>
      <Figure label="Goal rate" value={<Rate share={overview.goal_rate} why={NOBODY} />}>
        {goal === null ? "No goal is set" : `${formatCount(goals_achieved)} reached: ${goal}`}
        {goal_target !== null && goal_progress !== null && (
          <>
            <Progress
              mt={6}
              mb={2}
              size="sm"
              value={Math.min(100, goal_progress * 100)}
              aria-label="Progress to the target"
            />
            {formatShare(goal_progress)} of the target of {formatCount(goal_target)}
          </>
        )}
      </Figure>
      <Figure label="Revenue" value={formatMoney(overview.revenue)}>
        {revenueOf}
      </Figure>
    </SimpleGrid>
  );
}

interface FigureProps {
  label: string;
  value: ReactNode;
  children: ReactNode;
}

function Figure({ label, value, children }: FigureProps) {
  return (
    <Paper withBorder p={{ base: "sm", sm: "md" }} role="group" aria-label={label}>
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <Text fz={{ base: 18, sm: 24 }} fw={650} lh={1.3} style={{ overflowWrap: "anywhere" }}>
        {value}
      </Text>
      <Text size="xs" c="dimmed" component="div">
        {children}
      </Text>
    </Paper>
  );
}
