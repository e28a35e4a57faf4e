import { Box, Group, Stack, Text } from "@mantine/core";
import type { Schemas } from "@/api/client";
import { formatCount, formatShare } from "@/format/format";
import { ENROLLMENT_STATUSES } from "@/format/words";
import { ENROLLMENT_COLORS } from "@/ui/Status";
import { Bar, useFill } from "./Bar";
import { Section } from "./Section";

const ORDER = ["active", "paused", "completed", "exited", "failed"] as const;
const IS_HATCHED = new Set<string>(["paused", "exited"]);

/** What those are now who were enrolled. */
export function StatusCard({ byStatus }: { byStatus: Schemas["ByStatus"] }) {
  const fill = useFill();
  const total = ORDER.reduce((sum, status) => sum + byStatus[status], 0);
  const parts = ORDER.map((status) => ({
    name: status,
    value: byStatus[status],
    color: ENROLLMENT_COLORS[status],
    isHatched: IS_HATCHED.has(status),
  }));
  return (
    <Section title="By status" says="What those are now who were enrolled in this time.">
      <Bar parts={parts} of={total} height={20} />
      <Stack gap={6}>
        {parts.map(({ name, value, color, isHatched }) => (
          <Group key={name} gap="xs" wrap="nowrap">
            <Box
              aria-hidden
              w={12}
              h={12}
              style={{ ...SWATCH, background: fill(color, isHatched) }}
            />
            <Text size="sm" flex={1}>
              {ENROLLMENT_STATUSES[name]}
            </Text>
            <Text size="sm" component="div">
              <b>{formatCount(value)}</b>
              {total > 0 && ` · ${formatShare(value / total)}`}
            </Text>
          </Group>
        ))}
      </Stack>
    </Section>
  );
}

const SWATCH = { borderRadius: 3, flexShrink: 0 };
