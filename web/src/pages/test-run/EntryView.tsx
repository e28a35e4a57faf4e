import { Badge, Button, Collapse, Group, Stack, Text, ThemeIcon } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconChevronDown, IconChevronUp } from "@tabler/icons-react";
import type { Step } from "@/api/types";
import { useVocabulary } from "@/conditions/useVocabulary";
import { stepTitle } from "@/format/steps";
import { sayWhy } from "@/format/why";
import { STEP_TYPES } from "@/format/words";
import { EmailView } from "@/ui/EmailView";
import { ExecutionBadge } from "@/ui/Status";
import { StepIcon } from "@/ui/StepIcon";
import { TextBubble } from "@/ui/TextBubble";
import { type Entry, isPunctual } from "./run";

interface Props {
  entry: Entry;
  step: Step | undefined;
  /** The clock by which its time is said. */
  timeZone: string;
}

const SHOWN_AS = { done: "completed", skipped: "skipped", failed: "failed" } as const;

/** What became of a step: when, which way and why, and what it would say. */
export function EntryView({ entry, step, timeZone }: Props) {
  const vocabulary = useVocabulary();
  return (
    <Group component="li" gap="sm" wrap="nowrap" align="flex-start">
      <ThemeIcon
        variant="light"
        radius="xl"
        size={30}
        color={entry.status === "done" ? "slate" : "orange"}
      >
        <StepIcon type={entry.step_type} size={16} />
      </ThemeIcon>
      <Stack gap={4} flex={1} miw={0}>
        <Group gap="xs">
          <Text size="sm" fw={600} style={{ overflowWrap: "anywhere" }}>
            {titleOf(entry, step)}
          </Text>
          {entry.status !== "done" && <ExecutionBadge status={SHOWN_AS[entry.status]} />}
          {entry.branch !== null && (
            <Badge variant="default" tt="none">
              {entry.branch ? "Went the yes way" : "Went the no way"}
            </Badge>
          )}
          {entry.variant && (
            <Badge variant="default" tt="none">
              Variant {entry.variant}
            </Badge>
          )}
        </Group>
        <Text size="xs" c="dimmed">
          <time dateTime={entry.at}>{clock(entry.at, timeZone)}</time>
          {entry.why && !isPunctual(entry.why) && ` · ${sayWhy(entry.why, vocabulary)}`}
        </Text>
        <Content entry={entry} />
      </Stack>
    </Group>
  );
}

function Content({ entry: { step_type, content } }: { entry: Entry }) {
  const { subject, html, body, method, url } = content;
  switch (step_type) {
    case "send_email":
      return html || body ? <Email subject={subject} html={html} body={body} /> : null;
    case "send_sms":
      return body ? <TextBubble body={body} mediaUrls={content.media_urls ?? []} /> : null;
    case "create_task":
    case "notify":
      return body ? <Text size="sm">{body}</Text> : null;
    case "webhook":
      return url ? (
        <Text size="sm" style={{ overflowWrap: "anywhere" }}>
          {method} {url}
        </Text>
      ) : null;
    default:
      return null;
  }
}

/** The e-mail itself, for those who want to see it. */
function Email({ subject, html, body }: Pick<Entry["content"], "subject" | "html" | "body">) {
  const [opened, { toggle }] = useDisclosure();
  const Chevron = opened ? IconChevronUp : IconChevronDown;
  return (
    <>
      <Button
        size="compact-xs"
        variant="subtle"
        w="fit-content"
        ml={-8}
        aria-expanded={opened}
        rightSection={<Chevron size={14} aria-hidden />}
        onClick={toggle}
      >
        {opened ? "Hide the e-mail" : "Show the e-mail"}
      </Button>
      <Collapse expanded={opened} keepMounted={false}>
        <EmailView subject={subject} html={html} body={body} />
      </Collapse>
    </>
  );
}

/** The step as this contact meets it: an e-mail by the subject that it would have. */
function titleOf({ step_type, content }: Entry, step: Step | undefined): string {
  const name = STEP_TYPES[step_type];
  if (content.subject) return `${name}: ${content.subject}`;
  return step && !content.body ? stepTitle(step) : name;
}

/** 9:00 AM MST */
function clock(iso: string, timeZone: string): string {
  return new Intl.DateTimeFormat("en-US", {
    timeZone,
    hour: "numeric",
    minute: "2-digit",
    timeZoneName: "short",
  }).format(new Date(iso));
}
