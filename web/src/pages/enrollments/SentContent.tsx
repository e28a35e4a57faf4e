import { Button, Collapse, Paper, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconChevronDown, IconChevronUp } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { client } from "@/api/client";
import type { Execution, Message } from "@/api/types";
import { Loaded } from "@/ui/Loaded";
import { MessageFrame } from "@/ui/MessageFrame";
import { Facts } from "./Facts";
import { providerFacts } from "./results";

interface Props {
  contactId: string;
  execution: Execution;
}

/** What was sent, fetched when somebody wants to see it. */
export function SentContent({ contactId, execution }: Props) {
  const [opened, { toggle }] = useDisclosure();
  const query = useQuery({
    queryKey: ["sent", contactId, execution.id],
    queryFn: () => findSent(contactId, execution),
    enabled: opened,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <>
      <Button
        size="compact-xs"
        variant="subtle"
        ml={-8}
        style={{ alignSelf: "flex-start" }}
        aria-expanded={opened}
        rightSection={opened ? <IconChevronUp size={14} /> : <IconChevronDown size={14} />}
        onClick={toggle}
      >
        {opened ? "Hide what was sent" : "Show what was sent"}
      </Button>
      <Collapse expanded={opened}>
        <Paper withBorder p="sm" mt={4} maw={640}>
          <Loaded query={query} lines={3}>
            {(message) => (
              <Stack gap="xs">
                {message ? (
                  <Content message={message} />
                ) : (
                  <Text size="sm">What was sent is not on record.</Text>
                )}
                <Facts facts={providerFacts(execution)} />
              </Stack>
            )}
          </Loaded>
        </Paper>
      </Collapse>
    </>
  );
}

function Content({ message }: { message: Message }) {
  return (
    <>
      <Text size="xs" c="dimmed">
        From {message.from_address} to {message.to_address}
      </Text>
      {message.subject && (
        <Text size="sm" fw={600}>
          {message.subject}
        </Text>
      )}
      {message.html ? (
        <MessageFrame html={message.html} title={`E-mail: ${message.subject ?? "no subject"}`} />
      ) : (
        <Text size="sm" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
          {message.body}
        </Text>
      )}
      {message.media_urls.length > 0 && (
        <Text size="xs" c="dimmed">
          With {message.media_urls.join(", ")}
        </Text>
      )}
    </>
  );
}

/** The message of a step has the id of its visit. */
async function findSent(contactId: string, execution: Execution): Promise<Message | null> {
  let cursor: string | undefined;
  do {
    const { data, error } = await client.GET("/api/contacts/{contact_id}/messages", {
      params: {
        path: { contact_id: contactId },
        query: {
          channel: execution.step_type === "send_email" ? "email" : "sms",
          direction: "outbound",
          limit: 200,
          ...(cursor && { cursor }),
        },
      },
    });
    if (!data) throw error;
    const found = data.messages.find(({ id }) => id === execution.id);
    if (found) return found;
    cursor = data.next_cursor ?? undefined;
  } while (cursor);
  return null;
}
