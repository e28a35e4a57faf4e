import { Box, Group, Text, Title } from "@mantine/core";
import { type ReactNode, useEffect } from "react";

interface Props {
  title: string;
  /** One line on what the page is for. */
  says?: ReactNode;
  /** Buttons beside the title. */
  actions?: ReactNode;
  children: ReactNode;
}

/** The title of a page, in the browser's tab too, what can be done, and the content. */
export function Page({ title, says, actions, children }: Props) {
  useTitle(title);
  return (
    <Box>
      <Group justify="space-between" align="flex-start" mb="lg" gap="sm">
        <div>
          <Title order={1} size="h2">
            {title}
          </Title>
          {says && (
            <Text c="dimmed" size="sm" mt={2}>
              {says}
            </Text>
          )}
        </div>
        <Group gap="xs">{actions}</Group>
      </Group>
      {children}
    </Box>
  );
}

/** What the browser's tab says. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Campaign Builder`;
  }, [title]);
}
