import { Anchor, Group, Paper, Stack, Text, Title, VisuallyHidden } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import type { ReactNode } from "react";

interface Props {
  title: string;
  /** What is counted. */
  says?: ReactNode;
  /** Where its numbers are as a file. */
  csv?: string;
  children: ReactNode;
}

/** A part of a report. */
export function Section({ title, says, csv, children }: Props) {
  return (
    <Paper withBorder p="md" component="section" h="100%" miw={0}>
      <Stack gap="sm">
        <Group justify="space-between" align="flex-start" wrap="nowrap" gap="sm">
          <div>
            <Title order={2} size="h5">
              {title}
            </Title>
            {says && (
              <Text size="xs" c="dimmed" mt={2}>
                {says}
              </Text>
            )}
          </div>
          {csv && (
            <Anchor href={csv} download size="sm" style={{ whiteSpace: "nowrap" }}>
              <Group gap={4} wrap="nowrap" component="span">
                <IconDownload size={14} aria-hidden />
                <span>
                  CSV<VisuallyHidden> of {title}</VisuallyHidden>
                </span>
              </Group>
            </Anchor>
          )}
        </Group>
        {children}
      </Stack>
    </Paper>
  );
}
