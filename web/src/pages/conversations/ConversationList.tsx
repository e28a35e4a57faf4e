import { Badge, Box, Group, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { Schemas } from "@/api/client";
import type { Message } from "@/api/types";
import { counted, nameOf } from "@/format/format";
import { hasFailed } from "@/format/messages";
import { When } from "@/ui/When";
import classes from "./conversations.module.css";

type Conversation = Schemas["Conversation"];

interface Props {
  conversations: Conversation[];
  chosen: string | undefined;
}

/** With whom, the last word, and how many words nobody has read. */
export function ConversationList({ conversations, chosen }: Props) {
  return (
    <Box component="ul" m={0} p={0} style={{ listStyle: "none" }}>
      {conversations.map(({ contact, last_message, unread }) => (
        <li key={contact.id}>
          <Link
            to="/conversations"
            search={(before) => ({ ...before, contact: contact.id })}
            resetScroll={false}
            className={classes.item}
            aria-current={contact.id === chosen ? "true" : undefined}
          >
            <Group justify="space-between" wrap="nowrap" gap="xs">
              <Text size="sm" fw={unread > 0 ? 700 : 500} truncate>
                {nameOf(contact)}
              </Text>
              <Text size="xs" c="dimmed" style={{ whiteSpace: "nowrap" }}>
                <When at={last_message.at} distance />
              </Text>
            </Group>
            <Group justify="space-between" wrap="nowrap" gap="xs">
              <Text size="xs" c={hasFailed(last_message) ? "red.9" : "dimmed"} truncate>
                {lastWord(last_message)}
              </Text>
              {unread > 0 && (
                <Badge
                  size="sm"
                  style={{ flexShrink: 0 }}
                  aria-label={counted(unread, "unread message")}
                >
                  {unread > 99 ? "99+" : unread}
                </Badge>
              )}
            </Group>
          </Link>
        </li>
      ))}
    </Box>
  );
}

function lastWord(message: Message): string {
  const word = (message.channel === "email" && message.subject) || message.body || "No text";
  if (hasFailed(message)) return `Did not go out: ${word}`;
  return message.direction === "outbound" ? `You: ${word}` : word;
}
