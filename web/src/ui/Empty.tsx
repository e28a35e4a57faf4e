import { Center, Group, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";

/** Says what would be here, and what to do so that it is; its children are the ways to do so. */
export function Empty(props: {
  title: string;
  says: string;
  /** Whether it is all that the page has. */
  isPage?: boolean;
  children?: ReactNode;
}) {
  return (
    <Center py={64} px="md">
      <Stack align="center" gap="xs" maw={440} ta="center">
        <Title order={props.isPage ? 1 : 2} size="h4">
          {props.title}
        </Title>
        <Text c="dimmed">{props.says}</Text>
        <Group justify="center" mt="sm">
          {props.children}
        </Group>
      </Stack>
    </Center>
  );
}
