import { Box, Text } from "@mantine/core";

/** A text message as it comes to a phone. */
export function TextBubble({ body, mediaUrls = [] }: { body: string; mediaUrls?: string[] }) {
  return (
    <Box
      w="fit-content"
      maw="min(340px, 100%)"
      px="md"
      py="xs"
      bg="gray.1"
      style={{ borderRadius: "18px 18px 18px 4px" }}
    >
      <Text size="sm" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
        {body}
      </Text>
      {mediaUrls.length > 0 && (
        <Text size="xs" c="dimmed" mt={4} style={{ overflowWrap: "anywhere" }}>
          With {mediaUrls.join(", ")}
        </Text>
      )}
    </Box>
  );
}
