import { Box, Button, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconMail, IconMessage } from "@tabler/icons-react";
import type { Message } from "@/api/types";
import { fateOf, hasFailed } from "@/format/messages";
import { frameHeight } from "@/ui/frameHeight";
import { MessageFrame } from "@/ui/MessageFrame";
import { CampaignLink } from "@/ui/references";
import { useUserChoices } from "@/ui/UserSelect";
import { When } from "@/ui/When";
import classes from "./conversations.module.css";

/** One message: those of the contact on the left, ours on the right. */
export function MessageBubble({ message }: { message: Message }) {
  const isOurs = message.direction === "outbound";
  return (
    <Stack
      component="article"
      gap={4}
      align={isOurs ? "flex-end" : "flex-start"}
      aria-label={isOurs ? "From us" : "From the contact"}
    >
      <Box className={classes.bubble} data-ours={isOurs || undefined}>
        {message.channel === "email" ? <Email message={message} /> : <Body text={message.body} />}
        {message.media_urls.length > 0 && (
          <Text size="xs" c="dimmed" mt={4} style={{ overflowWrap: "anywhere" }}>
            With {message.media_urls.join(", ")}
          </Text>
        )}
      </Box>
      <Footer message={message} />
    </Stack>
  );
}

function Body({ text, lines }: { text: string | null; lines?: number }) {
  return (
    <Text size="sm" className={classes.words} {...(lines && { lineClamp: lines })}>
      {text || "No text"}
    </Text>
  );
}

const FIRST_LINES = 4;
const LONG = 280;

/** The subject and the first lines; the whole on demand, which a stranger may have written. */
function Email({ message: { subject, body, html } }: { message: Message }) {
  const [opened, { toggle }] = useDisclosure();
  const isLong = (body ?? "").length > LONG || (body ?? "").split("\n").length > FIRST_LINES;
  return (
    <Stack gap={4}>
      <Text size="sm" fw={600} style={{ overflowWrap: "anywhere" }}>
        {subject || "No subject"}
      </Text>
      {opened && html ? (
        <MessageFrame
          html={html}
          title={`E-mail: ${subject ?? "no subject"}`}
          height={frameHeight(html)}
        />
      ) : (
        <Body text={opened ? body : beginningOf(body)} {...(!opened && { lines: FIRST_LINES })} />
      )}
      {(html || isLong) && (
        <Button
          size="compact-xs"
          variant="subtle"
          ml={-8}
          style={{ alignSelf: "flex-start" }}
          aria-expanded={opened}
          onClick={toggle}
        >
          {opened ? "Show less" : "Show the e-mail"}
        </Button>
      )}
    </Stack>
  );
}

/** Without the signature, which every e-mail of ours ends with, and without empty lines. */
function beginningOf(text: string | null): string | null {
  return text?.replace(/\n-- ?\n[\s\S]*$/, "").replace(/\n\s*\n/g, "\n") ?? null;
}

/** By which way, when, from which campaign or person, and what became of it. */
function Footer({ message }: { message: Message }) {
  const isOurs = message.direction === "outbound";
  const author = useUserChoices().find(({ value }) => value === message.user_id);
  const Icon = message.channel === "email" ? IconMail : IconMessage;
  return (
    <>
      <Text size="xs" c="dimmed" ta={isOurs ? "right" : undefined} className={classes.foot}>
        <Icon
          size={14}
          stroke={1.6}
          role="img"
          aria-label={message.channel === "email" ? "E-mail" : "Text message"}
        />{" "}
        <When at={message.at} />
        {message.campaign_id && (
          <>
            {" · "}
            <CampaignLink campaignId={message.campaign_id} enrollmentId={message.enrollment_id} />
          </>
        )}
        {author && ` · ${author.label}`}
        {isOurs && !hasFailed(message) && ` · ${fateOf(message)}`}
      </Text>
      {isOurs && hasFailed(message) && (
        <Text size="xs" c="red.9" fw={600}>
          {[fateOf(message), message.error_message].filter(Boolean).join(": ")}
        </Text>
      )}
    </>
  );
}
