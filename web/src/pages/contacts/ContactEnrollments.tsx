import { Group, Stack, Text } from "@mantine/core";
import { useQueries } from "@tanstack/react-query";
import { api } from "@/api/client";
import type { Campaign, Enrollment } from "@/api/types";
import { useVocabulary } from "@/conditions/useVocabulary";
import { sayWhy } from "@/format/why";
import { Loaded } from "@/ui/Loaded";
import { AnchorLink } from "@/ui/links";
import { EnrollmentBadge } from "@/ui/Status";
import { When } from "@/ui/When";

/** The campaigns that a contact is in or has been in, the newest first. */
export function ContactEnrollments({ contactId }: { contactId: string }) {
  const campaigns = api.useQuery("get", "/api/campaigns", {
    params: { query: { limit: 200 } },
  });
  return (
    <Loaded query={campaigns} lines={3}>
      {({ campaigns }) => (
        <Found
          contactId={contactId}
          campaigns={campaigns.filter(({ total_enrolled }) => total_enrolled > 0)}
        />
      )}
    </Loaded>
  );
}

interface Props {
  contactId: string;
  campaigns: Campaign[];
}

/** The API tells enrollments campaign by campaign. */
function Found({ contactId, campaigns }: Props) {
  const vocabulary = useVocabulary();
  const { enrollments, isLoading } = useQueries({
    queries: campaigns.map(({ id }) =>
      api.queryOptions(
        "get",
        "/api/campaigns/{campaign_id}/enrollments",
        { params: { path: { campaign_id: id }, query: { contact_id: contactId, limit: 200 } } },
        { staleTime: 30_000 },
      ),
    ),
    combine: (found) => ({
      enrollments: found
        .flatMap(({ data }) => data?.enrollments ?? [])
        .sort((one, other) => other.enrolled_at.localeCompare(one.enrolled_at)),
      isLoading: found.some((each) => each.isLoading),
    }),
  });
  const names = new Map(campaigns.map(({ id, name }) => [id, name]));
  if (enrollments.length === 0)
    return (
      <Text size="sm" c="dimmed" role="status">
        {isLoading
          ? "Looking through the campaigns…"
          : "In no campaign yet. Enroll the contact, or let a trigger do so."}
      </Text>
    );
  return (
    <Stack gap="md">
      {enrollments.map((each) => (
        <div key={each.id}>
          <Group gap="xs">
            <AnchorLink
              to="/campaigns/$campaignId/enrollments/$enrollmentId"
              params={{ campaignId: each.campaign_id, enrollmentId: each.id }}
              fw={600}
              fz="sm"
            >
              {names.get(each.campaign_id)}
            </AnchorLink>
            <EnrollmentBadge status={each.status} />
          </Group>
          {each.why && <Text size="sm">{sayWhy(each.why, vocabulary)}</Text>}
          <Text size="xs" c="dimmed">
            <Times enrollment={each} />
          </Text>
        </div>
      ))}
    </Stack>
  );
}

function Times({ enrollment: each }: { enrollment: Enrollment }) {
  const ended = each.completed_at ?? each.exited_at;
  return (
    <>
      Enrolled <When at={each.enrolled_at} />
      {ended && (
        <>
          {" · ended "}
          <When at={ended} />
        </>
      )}
    </>
  );
}
