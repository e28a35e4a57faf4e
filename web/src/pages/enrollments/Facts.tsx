import { Group, Text } from "@mantine/core";
import type { Fact } from "./results";

/** Labels with their values, one beside the other. */
export function Facts({ facts }: { facts: Fact[] }) {
  if (facts.length === 0) return null;
  return (
    <Group gap="md" component="dl" m={0}>
      {facts.map(({ label, value }) => (
        <Group key={label} gap={4} wrap="nowrap" align="baseline">
          <Text component="dt" size="xs" c="dimmed" style={{ whiteSpace: "nowrap" }}>
            {label}
          </Text>
          <Text component="dd" size="xs" m={0} lineClamp={3} style={{ overflowWrap: "anywhere" }}>
            {value}
          </Text>
        </Group>
      ))}
    </Group>
  );
}
