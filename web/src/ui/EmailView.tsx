import { Box, Text } from "@mantine/core";
import { frameHeight } from "./frameHeight";
import { MessageFrame } from "./MessageFrame";

interface Props {
  subject: string | null | undefined;
  html?: string | null | undefined;
  /** Its plain text, where there is no HTML. */
  body?: string | null | undefined;
  from?: string | null | undefined;
}

/** An e-mail as it lies in an inbox. */
export function EmailView({ subject, html, body, from }: Props) {
  return (
    <div>
      <Box px="md" py="xs" bg="gray.0" style={{ ...BORDER, borderBottom: 0 }}>
        {from && (
          <Text size="xs" c="dimmed">
            {from}
          </Text>
        )}
        <Text size="sm" fw={600} style={{ overflowWrap: "anywhere" }}>
          {subject || "No subject"}
        </Text>
      </Box>
      {html ? (
        <MessageFrame
          html={html}
          title={`E-mail: ${subject || "no subject"}`}
          height={frameHeight(html)}
        />
      ) : (
        <Text
          size="sm"
          p="md"
          style={{ ...BORDER, whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}
        >
          {body}
        </Text>
      )}
    </div>
  );
}

const BORDER = {
  border: "1px solid var(--mantine-color-default-border)",
  borderRadius: "var(--mantine-radius-sm)",
};
