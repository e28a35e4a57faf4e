import { Stack, Table, Text } from "@mantine/core";
import type { Campaign, Step } from "@/api/types";
import { useVocabulary } from "@/conditions/useVocabulary";
import { useNameOfUser } from "@/ui/UserSelect";
import { MessagePreview } from "./message/MessagePreview";
import { usePreview, usePreviewContact } from "./message/usePreview";
import { summaryOf } from "./summary";

/** A step in words, for whoever may not change it. */
export function StepSummary({ campaign, step }: { campaign: Campaign; step: Step }) {
  const vocabulary = useVocabulary();
  const nameOfUser = useNameOfUser();
  if (!vocabulary) return null;
  const rows = summaryOf(step, campaign, vocabulary, nameOfUser);
  const isMessage = step.step_type === "send_email" || step.step_type === "send_sms";
  return (
    <Stack gap="lg">
      <Table variant="vertical" layout="fixed" withTableBorder>
        <Table.Tbody>
          {rows.map(({ label, says }) => (
            <Table.Tr key={label}>
              <Table.Th w={150}>{label}</Table.Th>
              <Table.Td>
                <Text size="sm" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
                  {says}
                </Text>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {isMessage && <Looks campaign={campaign} step={step} />}
    </Stack>
  );
}

function Looks({ campaign, step }: { campaign: Campaign; step: Step }) {
  const { step_type, step_config } = step;
  const { contactId, choose, isKnown } = usePreviewContact(step_type);
  const query = usePreview(campaign, step_type, step_config, contactId, isKnown);
  const names = (query.data?.preview.variants ?? []).map(({ name }) => name);
  return (
    <>
      {(names.length > 0 ? names : [""]).map((name, version) => (
        <div key={name}>
          {name && <Text fw={600}>Version {name}</Text>}
          <MessagePreview
            stepType={step_type}
            query={query}
            version={version}
            contactId={contactId}
            onContact={choose}
          />
        </div>
      ))}
    </>
  );
}
