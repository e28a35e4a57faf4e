import { Alert, Button, Group, TextInput } from "@mantine/core";
import { useState } from "react";
import { client, problemOf, type Schemas } from "@/api/client";
import type { Campaign } from "@/api/types";
import { useSession } from "@/session/session";
import type { StepValues } from "../stepValues";
import { subjectOf } from "./usePreview";

interface Props {
  campaign: Campaign;
  values: StepValues;
  contactId: string | null;
}

type Outcome = { color: "green" | "red"; says: string };

/** Sends what the preview shows to an address of one's own, saved or not. */
export function TestSend({ campaign, values, contactId }: Props) {
  const { user } = useSession();
  const isText = values.step_type === "send_sms";
  const [address, setAddress] = useState((isText ? user.phone : user.email) ?? "");
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const [isSending, setSending] = useState(false);

  const send = async () => {
    setSending(true);
    const { data, error } = await client.POST("/api/campaigns/{campaign_id}/previews", {
      params: { path: { campaign_id: campaign.id } },
      body: {
        step_type: values.step_type,
        step_config: values.step_config,
        ...subjectOf(contactId),
        send_to: address,
      },
    });
    setSending(false);
    setOutcome(error ? refused(error) : became(data.sent ?? [], address));
  };
  return (
    <div>
      <Group gap="xs" align="flex-end" wrap="nowrap">
        <TextInput
          flex={1}
          label={isText ? "Send a test to this phone" : "Send a test to this address"}
          type={isText ? "tel" : "email"}
          value={address}
          onChange={(event) => {
            setAddress(event.currentTarget.value);
            setOutcome(null);
          }}
        />
        <Button variant="default" loading={isSending} disabled={!address.trim()} onClick={send}>
          Send test
        </Button>
      </Group>
      <div aria-live="polite">
        {outcome && (
          <Alert color={outcome.color} variant="light" p="xs" mt="xs">
            {outcome.says}
          </Alert>
        )}
      </div>
    </div>
  );
}

function became(sent: readonly Schemas["SentMessage"][], address: string): Outcome {
  const failed = sent.find(({ status }) => status === "failed" || status === "unknown");
  if (failed) return { color: "red", says: failed.error ?? "It could not be sent." };
  const all = sent.length > 1 ? `All ${sent.length} versions are` : "It is";
  return { color: "green", says: `${all} on the way to ${address}, marked as a test.` };
}

function refused(error: unknown): Outcome {
  const problem = problemOf(error);
  const own = problem.errors?.find(({ field }) => field === "send_to");
  const says = own
    ? `This address ${own.message}.`
    : problem.status === 422
      ? "Mend the message first: it is not whole yet."
      : problem.detail;
  return { color: "red", says };
}
