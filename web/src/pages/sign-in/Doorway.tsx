import { Center, Paper, Stack, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { Logo } from "@/shell/Logo";
import { useTitle } from "@/ui/Page";

/** What is around the pages before the sign-in. */
export function Doorway({ title, children }: { title: string; children: ReactNode }) {
  useTitle(title);
  return (
    <Center component="main" mih="100dvh" p="md" bg="gray.0">
      <Paper withBorder p="xl" w="100%" maw={400} shadow="sm">
        <Stack>
          <Logo />
          <Title order={1} size="h3">
            {title}
          </Title>
          {children}
        </Stack>
      </Paper>
    </Center>
  );
}
