import { Badge, Box, Button, Table, Text } from "@mantine/core";
import { useState } from "react";
import { counted, formatCount, formatMoney, formatShare } from "@/format/format";
import { AnchorLink } from "@/ui/links";
import { CampaignBadge } from "@/ui/Status";
import { Bar } from "./Bar";
import { Rate } from "./Rate";
import type { RangeSearch } from "./range";
import { Section } from "./Section";
import { type CampaignShare, isBusy, lengthOfBar, sayMost, shareOf } from "./shares";

const MOST_SHOWN = 20;

interface Props {
  /** Who earned most comes first. */
  campaigns: readonly CampaignShare[];
  /** What all of them earned. */
  total: string;
  search: RangeSearch;
  csv: string;
}

/** The campaigns by revenue. Those that did nothing are shown when asked for. */
export function Ranking({ campaigns, total, search, csv }: Props) {
  const [isWhole, setIsWhole] = useState(false);
  const busy = campaigns.filter(isBusy).slice(0, MOST_SHOWN);
  const shown = isWhole ? campaigns : busy;
  return (
    <Section title="Campaigns by revenue" says={sayMost(campaigns, total)} csv={csv}>
      {shown.length > 0 && (
        <Table.ScrollContainer minWidth={860}>
          <Table highlightOnHover verticalSpacing="sm" aria-label="Campaigns by revenue">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Campaign</Table.Th>
                <Table.Th w="30%">Revenue</Table.Th>
                <Table.Th ta="right">Enrolled</Table.Th>
                <Table.Th ta="right">Completed</Table.Th>
                <Table.Th ta="right">Goals</Table.Th>
                <Table.Th ta="right">E-mails</Table.Th>
                <Table.Th ta="right">Texts</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {shown.map((campaign) => (
                <Table.Tr key={campaign.campaign_id}>
                  <Table.Td maw={280}>
                    <Name campaign={campaign} search={search} />
                  </Table.Td>
                  <Table.Td>
                    <Earned campaign={campaign} campaigns={campaigns} total={total} />
                  </Table.Td>
                  <Table.Td ta="right">{formatCount(campaign.total_enrolled)}</Table.Td>
                  <Part count={campaign.completed} share={campaign.completion_rate} />
                  <Part count={campaign.goals_achieved} share={campaign.goal_rate} />
                  <Table.Td ta="right">{formatCount(campaign.emails_sent)}</Table.Td>
                  <Table.Td ta="right">{formatCount(campaign.sms_sent)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {busy.length < campaigns.length && (
        <Box>
          <Button
            variant="subtle"
            size="compact-sm"
            aria-expanded={isWhole}
            onClick={() => setIsWhole(!isWhole)}
          >
            {isWhole ? "Show fewer" : `Show all ${counted(campaigns.length, "campaign")}`}
          </Button>
        </Box>
      )}
    </Section>
  );
}

function Name({ campaign, search }: { campaign: CampaignShare; search: RangeSearch }) {
  const { campaign_id, name, status, is_deleted } = campaign;
  return (
    <>
      {is_deleted ? (
        <Text size="sm" fw={600}>
          {name}
        </Text>
      ) : (
        <AnchorLink
          to="/campaigns/$campaignId/analytics"
          params={{ campaignId: campaign_id }}
          search={search}
          fz="sm"
          fw={600}
        >
          {name}
        </AnchorLink>
      )}
      <Box mt={2}>
        {is_deleted ? <Badge color="gray.7">Deleted</Badge> : <CampaignBadge status={status} />}
      </Box>
    </>
  );
}

function Earned({ campaign, campaigns, total }: Omit<Props, "search" | "csv"> & Of) {
  const share = shareOf(campaign, total);
  return (
    <>
      <Text size="sm" mb={4} fw={650}>
        {formatMoney(campaign.revenue)}
      </Text>
      <Bar
        of={1}
        parts={[{ name: campaign.name, value: lengthOfBar(campaign, campaigns), color: "teal.8" }]}
      />
      {share !== null && share > 0 && share <= 1 && (
        <Text size="xs" c="dimmed" mt={2}>
          {formatShare(share)} of all
        </Text>
      )}
    </>
  );
}

interface Of {
  campaign: CampaignShare;
}

function Part({ count, share }: { count: number; share: number | null }) {
  return (
    <Table.Td ta="right">
      {formatCount(count)}
      <Text size="xs" c="dimmed" component="div">
        <Rate share={share} why="Nobody was enrolled in this time" />
      </Text>
    </Table.Td>
  );
}
