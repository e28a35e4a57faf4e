import { Badge, Table, Text } from "@mantine/core";
import { api } from "@/api/client";
import type { Campaign, Step } from "@/api/types";
import { formatCount, formatShare } from "@/format/format";
import { BY_KEYBOARD } from "@/ui/byKeyboard";
import { When } from "@/ui/When";

/** What the versions have brought about so far; nothing before the first is sent. */
export function VersionResults({ campaign, step }: { campaign: Campaign; step: Step }) {
  const { data } = api.useQuery("get", "/api/campaigns/{campaign_id}/analytics", {
    params: { path: { campaign_id: campaign.id } },
  });
  const rows = (data?.analytics.variants ?? []).filter(({ step_id }) => step_id === step.id);
  if (rows.length === 0 || rows.every(({ sent }) => sent === 0)) return null;
  const isEmail = step.step_type === "send_email";
  return (
    <div>
      <Table.ScrollContainer minWidth={isEmail ? 460 : 360} scrollAreaProps={BY_KEYBOARD}>
        <Table verticalSpacing={6} aria-label="Results of the test">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Version</Table.Th>
              <Table.Th ta="right">Sent</Table.Th>
              {isEmail && <Table.Th ta="right">Opened</Table.Th>}
              {isEmail && <Table.Th ta="right">Clicked</Table.Th>}
              <Table.Th ta="right">Replied</Table.Th>
              <Table.Th ta="right">Rate (95 % interval)</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map(({ name, sent, opened, clicked, replied, rate, low, high, winner }) => (
              <Table.Tr key={name}>
                <Table.Td>
                  {name}{" "}
                  {winner && (
                    <Badge size="sm" color="teal.9">
                      Winner
                    </Badge>
                  )}
                </Table.Td>
                <Table.Td ta="right">{formatCount(sent)}</Table.Td>
                {isEmail && <Table.Td ta="right">{formatCount(opened)}</Table.Td>}
                {isEmail && <Table.Td ta="right">{formatCount(clicked)}</Table.Td>}
                <Table.Td ta="right">{formatCount(replied)}</Table.Td>
                <Table.Td ta="right" style={{ whiteSpace: "nowrap" }}>
                  {formatShare(rate)}
                  {low !== null && high !== null && (
                    <Text span size="xs" c="dimmed">
                      {" "}
                      ({formatShare(low)} – {formatShare(high)})
                    </Text>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {step.winner && (
        <Text size="sm" mt={4}>
          Everybody gets {step.winner} since <When at={step.winner_chosen_at} />.
        </Text>
      )}
      {!rows.some(({ winner }) => winner) && (
        <Text size="sm" c="dimmed">
          The numbers do not say yet which version is the best.
        </Text>
      )}
    </div>
  );
}
