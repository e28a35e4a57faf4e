import { Box, Grid, Group, Stack, Text } from "@mantine/core";
import type { Step } from "@/api/types";
import { formatCount } from "@/format/format";
import { StepIcon } from "@/ui/StepIcon";
import { Bar } from "./Bar";
import { type FunnelStep, type Row, rowsOf } from "./funnel";
import { Section } from "./Section";

/** What becomes of those who come to a step. */
const PARTS = [
  { name: "completed", color: "slate.7", isHatched: false },
  { name: "waiting", color: "slate.5", isHatched: true },
  { name: "failed", color: "red.8", isHatched: false },
  { name: "skipped", color: "orange.7", isHatched: true },
  { name: "unknown", color: "grape.8", isHatched: false },
] as const satisfies readonly { name: keyof FunnelStep; color: string; isHatched: boolean }[];

interface Props {
  funnel: readonly FunnelStep[];
  steps: readonly Step[];
  csv: string;
}

/** How far those come who were enrolled: each step, how many came to it, and what became of them there. */
export function Funnel({ funnel, steps, csv }: Props) {
  const most = Math.max(0, ...funnel.map(({ entered }) => entered));
  return (
    <Section
      title="By step"
      says="How far those came who were enrolled in this time. Whoever comes to a step twice counts twice."
      csv={csv}
    >
      {funnel.length === 0 && (
        <Text size="sm" c="dimmed">
          The campaign has no steps.
        </Text>
      )}
      <Stack component="ol" gap="md" p={0} m={0} style={{ listStyle: "none" }}>
        {rowsOf(funnel, steps).map((row) => (
          <Box component="li" key={row.counts.step_id}>
            <Grid gap={{ base: 4, md: "lg" }}>
              <Grid.Col span={{ base: 12, md: 5 }}>
                <Name row={row} />
              </Grid.Col>
              <Grid.Col span={{ base: 12, md: 7 }}>
                <Passage counts={row.counts} most={most} />
              </Grid.Col>
            </Grid>
          </Box>
        ))}
      </Stack>
    </Section>
  );
}

function Name({ row: { counts, place, title, depth } }: { row: Row }) {
  return (
    <Group gap={8} wrap="nowrap" align="flex-start" pl={depth * 20} miw={0}>
      <Box c="dimmed" mt={2}>
        <StepIcon type={counts.step_type} />
      </Box>
      <Text size="sm" style={{ overflowWrap: "anywhere" }}>
        <Text span inherit c="dimmed">
          {place}
        </Text>{" "}
        {title}
      </Text>
    </Group>
  );
}

function Passage({ counts, most }: { counts: FunnelStep; most: number }) {
  const parts = PARTS.map((part) => ({ ...part, value: counts[part.name] }));
  const said = parts.filter(({ name, value }) => name !== "unknown" || value > 0);
  return (
    <div>
      <Bar parts={parts} of={most} height={14} />
      <Text size="xs" c="dimmed" mt={3}>
        <Text span inherit fw={650} c="var(--mantine-color-text)">
          {formatCount(counts.entered)} entered
        </Text>
        {said.map(({ name, value }) => ` · ${formatCount(value)}\u00a0${name}`).join("")}
      </Text>
    </div>
  );
}
