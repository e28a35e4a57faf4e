import { Group, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { useTitle } from "@/ui/Page";

interface Props {
  title: string;
  says?: ReactNode;
  /** Buttons beside the title. */
  actions?: ReactNode;
  children: ReactNode;
}

/** One of the settings' pages. */
export function Section({ title, says, actions, children }: Props) {
  useTitle(`${title} · Settings`);
  return (
    <section aria-labelledby="settings-section">
      <Group justify="space-between" align="flex-start" mb="lg" gap="sm">
        <div style={{ flex: "1 1 300px" }}>
          <Title order={2} size="h4" id="settings-section">
            {title}
          </Title>
          {says && (
            <Text c="dimmed" size="sm" mt={2} maw={640}>
              {says}
            </Text>
          )}
        </div>
        {actions}
      </Group>
      {children}
    </section>
  );
}
