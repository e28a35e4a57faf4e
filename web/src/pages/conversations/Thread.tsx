import { Button, Center, Stack, Text } from "@mantine/core";
import type { Contact } from "@/api/types";
import { nameOf } from "@/format/format";
import { Loaded } from "@/ui/Loaded";
import classes from "./conversations.module.css";
import { MessageBubble } from "./MessageBubble";
import { ReplyBox } from "./ReplyBox";
import { useMessages, useReading } from "./useMessages";

interface Props {
  contact: Contact;
  /** In pixels; else as high as what it is in. */
  height?: number;
}

/** What a contact and the company have written to each other, the newest at the bottom, and the way to answer. */
export function Thread({ contact, height }: Props) {
  const { query, messages } = useMessages(contact.id);
  const last = messages.findLast(({ direction }) => direction === "inbound");
  useReading(contact.id, last);
  const name = nameOf(contact);
  return (
    <div className={classes.thread} style={{ height }}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, by the keyboard too */}
      <section className={classes.messages} tabIndex={0} aria-label={`Messages with ${name}`}>
        <Loaded query={query} lines={4}>
          {() =>
            messages.length > 0 ? (
              <Stack gap="md">
                {query.hasNextPage && (
                  <Button
                    variant="subtle"
                    size="xs"
                    mx="auto"
                    loading={query.isFetchingNextPage}
                    onClick={() => query.fetchNextPage()}
                  >
                    Show earlier messages
                  </Button>
                )}
                {messages.map((message) => (
                  <MessageBubble key={message.id} message={message} />
                ))}
              </Stack>
            ) : (
              <Center h="100%">
                <Text size="sm" c="dimmed" ta="center">
                  Nothing has been written yet. What you and your campaigns send, and what {name}{" "}
                  answers, is shown here.
                </Text>
              </Center>
            )
          }
        </Loaded>
      </section>
      <ReplyBox contact={contact} last={last} />
    </div>
  );
}
