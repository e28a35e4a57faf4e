import { Select, Table, Text } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { api } from "@/api/client";
import type { Campaign } from "@/api/types";
import { formatCount, formatMoney } from "@/format/format";
import { CAMPAIGN_STATUSES, CAMPAIGN_TYPES, choices } from "@/format/words";
import { useMay } from "@/session/session";
import { Empty } from "@/ui/Empty";
import { Filters } from "@/ui/Filters";
import { Loaded } from "@/ui/Loaded";
import { AnchorLink, ButtonLink } from "@/ui/links";
import { Page } from "@/ui/Page";
import { Pager } from "@/ui/Pager";
import { SearchInput } from "@/ui/SearchInput";
import { CampaignBadge } from "@/ui/Status";

const LIMIT = 25;

export function CampaignList() {
  const [status, setStatus] = useState<Campaign["status"] | null>(null);
  const [type, setType] = useState<Campaign["campaign_type"] | null>(null);
  const [search, setSearch] = useState<string>();
  const [offset, setOffset] = useState(0);
  const filters = {
    ...(status && { status }),
    ...(type && { campaign_type: type }),
    ...(search && { search }),
  };
  const query = api.useQuery(
    "get",
    "/api/campaigns",
    { params: { query: { ...filters, limit: LIMIT, offset } } },
    { placeholderData: (before) => before },
  );
  const isFiltered = Object.keys(filters).length > 0;
  return (
    <Page
      title="Campaigns"
      says="Sequences of e-mails, texts and tasks that follow up for you."
      actions={<Make />}
    >
      <Filters>
        <SearchInput
          label="Search"
          placeholder="Name"
          value={search}
          onChange={(wanted) => {
            setSearch(wanted);
            setOffset(0);
          }}
        />
        <Select
          label="Status"
          placeholder="Any"
          clearable
          data={choices(CAMPAIGN_STATUSES)}
          value={status}
          onChange={(value) => {
            setStatus(value);
            setOffset(0);
          }}
        />
        <Select
          label="Type"
          placeholder="Any"
          clearable
          data={choices(CAMPAIGN_TYPES)}
          value={type}
          onChange={(value) => {
            setType(value);
            setOffset(0);
          }}
        />
      </Filters>
      <Loaded query={query}>
        {({ campaigns, total }) =>
          campaigns.length > 0 ? (
            <>
              <Campaigns campaigns={campaigns} />
              <Pager total={total} limit={LIMIT} offset={offset} onMove={setOffset} />
            </>
          ) : isFiltered ? (
            <Empty title="Nothing fits" says="No campaign has that name, status and type." />
          ) : (
            <Empty
              title="No campaigns yet"
              says="Start from one of the roofing templates, or build your own step by step."
            >
              <Make />
            </Empty>
          )
        }
      </Loaded>
    </Page>
  );
}

function Make() {
  if (!useMay("build")) return null;
  return (
    <>
      <ButtonLink to="/campaigns/templates" variant="default">
        From a template
      </ButtonLink>
      <ButtonLink to="/campaigns/new" leftSection={<IconPlus size={16} />}>
        New campaign
      </ButtonLink>
    </>
  );
}

function Campaigns({ campaigns }: { campaigns: Campaign[] }) {
  return (
    <Table.ScrollContainer minWidth={720}>
      <Table highlightOnHover verticalSpacing="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Name</Table.Th>
            <Table.Th>Status</Table.Th>
            <Table.Th>Type</Table.Th>
            <Table.Th ta="right">Enrolled</Table.Th>
            <Table.Th ta="right">Completed</Table.Th>
            <Table.Th ta="right">Revenue</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {campaigns.map((campaign) => (
            <Table.Tr key={campaign.id}>
              <Table.Td>
                <AnchorLink
                  to="/campaigns/$campaignId"
                  params={{ campaignId: campaign.id }}
                  fw={600}
                >
                  {campaign.name}
                </AnchorLink>
                {campaign.description && (
                  <Text size="sm" c="dimmed" lineClamp={1}>
                    {campaign.description}
                  </Text>
                )}
              </Table.Td>
              <Table.Td>
                <CampaignBadge status={campaign.status} />
              </Table.Td>
              <Table.Td>{CAMPAIGN_TYPES[campaign.campaign_type]}</Table.Td>
              <Table.Td ta="right">{formatCount(campaign.total_enrolled)}</Table.Td>
              <Table.Td ta="right">{formatCount(campaign.total_completed)}</Table.Td>
              <Table.Td ta="right">{formatMoney(campaign.total_revenue)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
