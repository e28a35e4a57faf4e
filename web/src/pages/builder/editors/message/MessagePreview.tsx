import {
  Alert,
  Box,
  Group,
  Image,
  List,
  Paper,
  SegmentedControl,
  Skeleton,
  Stack,
  Text,
  Title,
} from "@mantine/core";
import { useElementSize, useMediaQuery } from "@mantine/hooks";
import { IconInfoCircle } from "@tabler/icons-react";
import type { UseQueryResult } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { problemOf, type Schemas } from "@/api/client";
import type { StepType } from "@/api/types";
import { useVocabulary } from "@/conditions/useVocabulary";
import { ContactPicker } from "@/ui/ContactPicker";
import { Failure } from "@/ui/Failure";
import { MessageFrame } from "@/ui/MessageFrame";
import { describeField, describeMessage, describeSkip } from "../words";
import { type Shown, STAND_IN, shownOf } from "./usePreview";

interface Props {
  stepType: StepType;
  query: UseQueryResult<Schemas["PreviewAnswer"], unknown>;
  version: number;
  contactId: string | null;
  onContact: (contactId: string | null) => void;
}

/** What the contact would get, as the engine writes it. */
export function MessagePreview({ stepType, query, version, contactId, onContact }: Props) {
  const shown = shownOf(query.data?.preview, version);
  const vocabulary = useVocabulary();
  return (
    <Stack gap="sm" component="section" aria-label="Preview">
      <Title order={3} size="h5">
        Preview
      </Title>
      <ContactPicker label="As this contact gets it" value={contactId} onChange={onContact} />
      {contactId === null && (
        <Text size="sm" c="dimmed">
          Made up: {STAND_IN.first_name} {STAND_IN.last_name}.
        </Text>
      )}
      {query.isLoading && <Skeleton height={240} role="status" aria-label="Loading the preview" />}
      {!!query.error && <NotYet error={query.error} />}
      {shown?.skipped && (
        <Alert
          color="orange"
          variant="light"
          p="xs"
          icon={<IconInfoCircle />}
          title="Not sent to this contact"
        >
          {describeSkip(shown.skipped, vocabulary)}
        </Alert>
      )}
      {shown && !query.error && <Content stepType={stepType} shown={shown} />}
    </Stack>
  );
}

export function Content({ stepType, shown }: { stepType: StepType; shown: Shown }) {
  const { subject, html, body, media_urls } = shown.content;
  if (!html && !body) return null;
  return stepType === "send_email" ? (
    <Email subject={subject ?? ""} html={html ?? null} body={body ?? ""} />
  ) : (
    <Phone body={body ?? ""} pictures={media_urls ?? []} />
  );
}

function Email({ subject, html, body }: { subject: string; html: string | null; body: string }) {
  const isSmall = useMediaQuery("(max-width: 36em)", false, { getInitialValueInEffect: false });
  const [width, setWidth] = useState(isSmall ? "phone" : "desktop");
  return (
    <Stack gap="xs">
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <Text fw={600} style={{ overflowWrap: "anywhere" }}>
          {subject}
        </Text>
        <SegmentedControl
          size="xs"
          aria-label="Width of the preview"
          style={{ flexShrink: 0 }}
          value={width}
          onChange={setWidth}
          data={[
            { value: "desktop", label: "Desktop" },
            { value: "phone", label: "Phone" },
          ]}
        />
      </Group>
      {html ? (
        <Screen width={width === "phone" ? 320 : 640}>
          {(height) => <MessageFrame html={html} title="The e-mail" height={height} />}
        </Screen>
      ) : (
        <Paper withBorder p="md" w={width === "phone" ? 320 : "100%"} maw="100%" mx="auto">
          <Text size="sm" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
            {body}
          </Text>
        </Paper>
      )}
    </Stack>
  );
}

const SCREEN_HEIGHT = 440;

/** A screen of that many pixels, made smaller where there is no room for it. */
function Screen(props: { width: number; children: (height: number) => ReactNode }) {
  const { ref, width: room } = useElementSize();
  const scale = Math.min(1, (room || props.width) / props.width);
  return (
    <Box ref={ref} h={SCREEN_HEIGHT} style={{ overflow: "hidden" }}>
      <Box
        w={props.width}
        mx={scale === 1 ? "auto" : 0}
        style={{ transform: `scale(${scale})`, transformOrigin: "0 0" }}
      >
        {props.children(SCREEN_HEIGHT / scale)}
      </Box>
    </Box>
  );
}

function Phone({ body, pictures }: { body: string; pictures: readonly string[] }) {
  return (
    <Box
      w={300}
      maw="100%"
      mx="auto"
      p="md"
      pb={40}
      mih={360}
      bg="white"
      bd="8px solid dark.6"
      style={{ borderRadius: 32 }}
    >
      <Stack gap="xs" align="flex-start">
        {pictures.map((url) => (
          <Image key={url} src={url} alt="Attached" radius="lg" maw="85%" />
        ))}
        <Box bg="gray.2" px="sm" py={8} maw="90%" style={{ borderRadius: "18px 18px 18px 4px" }}>
          <Text size="sm" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
            {body}
          </Text>
        </Box>
      </Stack>
    </Box>
  );
}

/** What is still missing before it can be shown. */
function NotYet({ error }: { error: unknown }) {
  const problem = problemOf(error);
  if (problem.status !== 422) return <Failure problem={problem} />;
  return (
    <Paper withBorder p="md" bg="gray.0">
      <Text size="sm">The preview comes once this is mended:</Text>
      <List size="sm" mt={4}>
        {(problem.errors ?? []).map(({ field, message }) => (
          <List.Item key={field}>
            {describeField(field)}: {describeMessage(message)}
          </List.Item>
        ))}
      </List>
    </Paper>
  );
}
