import { Button, Group, Select, Title, VisuallyHidden } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "@/api/client";
import { choices, ENROLLMENT_STATUSES } from "@/format/words";
import { useCampaign } from "@/pages/campaigns/CampaignFrame";
import { useMay } from "@/session/session";
import { Empty } from "@/ui/Empty";
import { Filters } from "@/ui/Filters";
import { Loaded } from "@/ui/Loaded";
import { useTitle } from "@/ui/Page";
import { Pager } from "@/ui/Pager";
import { SearchInput } from "@/ui/SearchInput";
import { BulkBar } from "./BulkBar";
import { EnrollmentTable } from "./EnrollmentTable";
import { EnrollDialog } from "./enroll/EnrollDialog";
import type { ListSearch } from "./search";
import { NOBODY, type Selection } from "./selection";
import { isLive } from "./useActions";

const route = getRouteApi("/inside/campaigns/$campaignId/enrollments");
const LIMIT = 50;
const POLL_MS = 5_000;

/** Who is or was in a campaign, where they are, and what can be done with them. */
export function EnrollmentList() {
  const campaign = useCampaign();
  useTitle(`Enrollments · ${campaign.name}`);
  const { page = 1, ...filter } = route.useSearch();
  const navigate = route.useNavigate();
  const mayActOnMany = useMay("actOnMany");
  const [selection, setSelection] = useState<Selection>(NOBODY);
  const [isEnrolling, setIsEnrolling] = useState(false);
  const offset = (page - 1) * LIMIT;
  const path = { campaign_id: campaign.id };
  const query = api.useQuery(
    "get",
    "/api/campaigns/{campaign_id}/enrollments",
    { params: { path, query: { ...filter, limit: LIMIT, offset } } },
    {
      placeholderData: (before) => before,
      refetchInterval: ({ state }) =>
        campaign.status === "active" || state.data?.enrollments.some(isLive) ? POLL_MS : false,
    },
  );
  const steps = api.useQuery("get", "/api/campaigns/{campaign_id}/steps", { params: { path } });

  function show(change: ListSearch, replace = false) {
    if (!("page" in change)) setSelection(NOBODY);
    navigate({
      search: (before) => ({ ...before, page: undefined, ...change }),
      replace,
      resetScroll: false,
    });
  }

  const isFiltered = Boolean(filter.status || filter.search);
  return (
    <>
      <VisuallyHidden>
        <Title order={2}>Enrollments</Title>
      </VisuallyHidden>
      <Group align="flex-start" justify="space-between" gap={0} wrap="wrap-reverse">
        <EnrollmentFilters filter={filter} onChange={show} />
        {campaign.status !== "archived" && (
          <Button mb="md" leftSection={<IconPlus size={16} />} onClick={() => setIsEnrolling(true)}>
            Enroll contacts
          </Button>
        )}
      </Group>
      <Loaded query={query} lines={10}>
        {({ enrollments, total }) =>
          enrollments.length > 0 ? (
            <>
              <EnrollmentTable
                enrollments={enrollments}
                steps={steps.data?.steps ?? []}
                isStale={query.isPlaceholderData}
                {...(mayActOnMany && { selection, onSelect: setSelection })}
              />
              <Pager
                total={total}
                limit={LIMIT}
                offset={offset}
                onMove={(to) => show({ page: to / LIMIT + 1 })}
              />
              {mayActOnMany && (
                <BulkBar
                  campaign={campaign}
                  steps={steps.data?.steps ?? []}
                  filter={filter}
                  total={total}
                  selection={selection}
                  onSelect={setSelection}
                />
              )}
            </>
          ) : isFiltered || page > 1 ? (
            <Empty
              title="Nothing fits"
              says="No enrollment of this campaign has that status and contact."
            >
              <Button variant="default" onClick={() => navigate({ search: {} })}>
                Show all
              </Button>
            </Empty>
          ) : (
            <Empty
              title="Nobody is enrolled yet"
              says={
                campaign.enrollment_type === "automatic"
                  ? "Its triggers enroll contacts by themselves, and you can enroll some by hand: one, many by a filter, or a CSV file."
                  : "Enroll contacts by hand: one, many by a filter, or a CSV file."
              }
            />
          )
        }
      </Loaded>
      <EnrollDialog
        campaign={campaign}
        opened={isEnrolling}
        onClose={() => setIsEnrolling(false)}
      />
    </>
  );
}

interface FiltersProps {
  filter: ListSearch;
  onChange: (change: ListSearch, replace?: boolean) => void;
}

function EnrollmentFilters({ filter, onChange }: FiltersProps) {
  return (
    <Filters>
      <SearchInput
        label="Search"
        placeholder="Name, e-mail or phone"
        value={filter.search}
        onChange={(search) => onChange({ search }, true)}
      />
      <Select
        label="Status"
        placeholder="Any"
        clearable
        data={choices(ENROLLMENT_STATUSES)}
        value={filter.status ?? null}
        onChange={(value) => onChange({ status: value ?? undefined })}
      />
    </Filters>
  );
}
