import { Badge, Box, Group, Stack, Table, Text, Title } from "@mantine/core";
import { IconTrophy } from "@tabler/icons-react";
import type { Step } from "@/api/types";
import { formatCount, formatShare } from "@/format/format";
import { stepTitle } from "@/format/steps";
import { BY_KEYBOARD } from "@/ui/byKeyboard";
import { StepIcon } from "@/ui/StepIcon";
import { When } from "@/ui/When";
import { Rate } from "./Rate";
import { Section } from "./Section";
import { metricOf, RATES, sayVerdict, scaleOf, type Test, testsOf, type Variant } from "./variants";

interface Props {
  variants: readonly Variant[];
  steps: readonly Step[];
  csv: string;
}

/** The versions that are tested against each other; nothing where none are. */
export function Variants({ variants, steps, csv }: Props) {
  const tests = testsOf(variants, steps);
  if (tests.length === 0) return null;
  return (
    <Section
      title="Versions"
      says="What was sent in this time. The true rate lies in the interval with 95 % confidence."
      csv={csv}
    >
      <Stack gap="lg">
        {tests.map((test) => (
          <TestResult key={test.step.id} {...test} />
        ))}
      </Stack>
    </Section>
  );
}

function TestResult({ step, versions }: Test) {
  const rate = RATES[metricOf(step)];
  const isEmail = step.step_type === "send_email";
  const scale = scaleOf(versions);
  return (
    <div>
      <Group gap={8} wrap="nowrap" align="flex-start" mb={4}>
        <Box c="dimmed" mt={1}>
          <StepIcon type={step.step_type} />
        </Box>
        <Title order={3} size="sm" fw={600} style={{ overflowWrap: "anywhere" }}>
          {stepTitle(step)}
        </Title>
      </Group>
      <Table.ScrollContainer minWidth={680} scrollAreaProps={BY_KEYBOARD}>
        <Table verticalSpacing={8} aria-label={`Versions of ${stepTitle(step)}`}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Version</Table.Th>
              <Table.Th ta="right">Sent</Table.Th>
              {isEmail && <Table.Th ta="right">Opened</Table.Th>}
              {isEmail && <Table.Th ta="right">Clicked</Table.Th>}
              <Table.Th ta="right">Replied</Table.Th>
              <Table.Th ta="right">{rate}</Table.Th>
              <Table.Th w="32%">
                <Group justify="space-between" wrap="nowrap" gap="xs">
                  <span>95 % interval</span>
                  {scale > 0 && (
                    <Text span size="xs" c="dimmed" aria-hidden>
                      0 – {formatShare(scale)}
                    </Text>
                  )}
                </Group>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {versions.map((version) => (
              <Table.Tr key={version.name}>
                <Table.Td>
                  <Group gap="xs">
                    <Text size="sm" fw={version.winner ? 650 : 400}>
                      {version.name}
                    </Text>
                    {version.winner && (
                      <Badge
                        size="sm"
                        miw="max-content"
                        color="teal.9"
                        leftSection={<IconTrophy size={12} aria-hidden />}
                      >
                        Winner
                      </Badge>
                    )}
                  </Group>
                </Table.Td>
                <Table.Td ta="right">{formatCount(version.sent)}</Table.Td>
                {isEmail && <Table.Td ta="right">{formatCount(version.opened)}</Table.Td>}
                {isEmail && <Table.Td ta="right">{formatCount(version.clicked)}</Table.Td>}
                <Table.Td ta="right">{formatCount(version.replied)}</Table.Td>
                <Table.Td ta="right" fw={600}>
                  <Rate share={version.rate} why="Nothing of it has arrived in this time" />
                </Table.Td>
                <Table.Td>
                  <Interval version={version} scale={scale} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Text size="sm" mt={6}>
        {sayVerdict(versions)}
        {step.winner && (
          <>
            {" "}
            Everybody gets “{step.winner}” since <When at={step.winner_chosen_at} />.
          </>
        )}
      </Text>
    </div>
  );
}

function Interval({ version: { rate, low, high, winner }, scale }: IntervalProps) {
  if (rate === null || low === null || high === null) return <>–</>;
  const at = (share: number) => `${(share / scale) * 100}%`;
  const color = winner ? "teal.7" : "slate.6";
  return (
    <>
      <Box aria-hidden pos="relative" h={14} bg="gray.1" style={{ borderRadius: 3 }}>
        <Box
          pos="absolute"
          top={4}
          h={6}
          left={at(low)}
          w={at(high - low)}
          bg={color}
          opacity={0.55}
          style={{ borderRadius: 3 }}
        />
        <Box pos="absolute" top={0} h={14} w={3} ml={-1.5} left={at(rate)} bg="dark.6" />
      </Box>
      <Text size="xs" c="dimmed">
        {formatShare(low)} – {formatShare(high)}
      </Text>
    </>
  );
}

interface IntervalProps {
  version: Variant;
  scale: number;
}
