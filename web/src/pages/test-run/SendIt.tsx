import { Badge, Button, Group, Input, Stack, Table, Text, TextInput } from "@mantine/core";
import { IconSend } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import type { Step } from "@/api/types";
import { stepTitle } from "@/format/steps";
import { useSession } from "@/session/session";
import type { TestRun } from "./run";

type Sent = NonNullable<TestRun["sent"]>[number];

interface Props {
  sent: TestRun["sent"];
  steps: readonly Step[];
  isSending: boolean;
  error: string | undefined;
  onSend: (address: string) => void;
}

const STATUSES: Record<Sent["status"], { label: string; color: string }> = {
  queued: { label: "On its way", color: "gray.7" },
  sent: { label: "Sent", color: "teal.9" },
  failed: { label: "Failed", color: "red.9" },
  unknown: { label: "Unknown", color: "grape.9" },
};

/** What the run would have sent, really sent, to somebody of the company. */
export function SendIt({ sent, steps, isSending, error, onSend }: Props) {
  const { email } = useSession().user;
  const [address, setAddress] = useState(email);
  const send = (event: FormEvent) => {
    event.preventDefault();
    onSend(address.trim());
  };
  return (
    <Stack gap="sm">
      <form onSubmit={send}>
        <Input.Wrapper
          id="send-to"
          label="See it in your own inbox"
          description="Your e-mail address gets its e-mails, your phone number its texts: now, each once, marked as a test."
          error={error}
        >
          <Group gap="xs" mt={4}>
            <TextInput
              id="send-to"
              flex="1 1 220px"
              placeholder="E-mail address or phone number"
              required
              value={address}
              onChange={(event) => setAddress(event.currentTarget.value)}
              error={Boolean(error)}
            />
            <Button
              type="submit"
              variant="default"
              leftSection={<IconSend size={16} />}
              loading={isSending}
            >
              Send it all to me
            </Button>
          </Group>
        </Input.Wrapper>
      </form>
      {sent && <Receipts sent={sent} steps={steps} />}
    </Stack>
  );
}

function Receipts({ sent, steps }: { sent: Sent[]; steps: readonly Step[] }) {
  if (sent.length === 0)
    return (
      <Text size="sm" role="status">
        Nothing was sent: the run has no message of that kind.
      </Text>
    );
  return (
    <Table aria-label="What was sent" verticalSpacing={6}>
      <Table.Tbody>
        {sent.map(({ id, step_id, channel, status, error }) => {
          const step = steps.find((each) => each.id === step_id);
          const { label, color } = STATUSES[status];
          return (
            <Table.Tr key={id ?? step_id}>
              <Table.Td>
                <Text size="sm">
                  {step ? stepTitle(step) : channel === "email" ? "E-mail" : "Text message"}
                </Text>
                {error && (
                  <Text size="xs" c="red.9">
                    {error}
                  </Text>
                )}
              </Table.Td>
              <Table.Td ta="right" w={110}>
                <Badge color={color} miw="fit-content">
                  {label}
                </Badge>
              </Table.Td>
            </Table.Tr>
          );
        })}
      </Table.Tbody>
    </Table>
  );
}
