import { Box, Progress, Table, Text } from "@mantine/core";
import type { Schemas } from "@/api/client";
import type { Step } from "@/api/types";
import { formatDistance } from "@/format/format";
import { stepTitle } from "@/format/steps";
import { EXIT_REASONS } from "@/format/words";
import { AnchorLink } from "@/ui/links";
import { EnrollmentBadge } from "@/ui/Status";
import { When } from "@/ui/When";
import { Section } from "./Section";

type RecentEnrollment = Schemas["RecentEnrollment"];

interface Props {
  campaignId: string;
  enrollments: readonly RecentEnrollment[];
  steps: readonly Step[];
}

/** The newest enrollments, and how far each has come. */
export function Recent({ campaignId, enrollments, steps }: Props) {
  const titles = new Map(steps.map((step) => [step.id, stepTitle(step)]));
  return (
    <Section title="Recent enrollments" says="The newest that were made in this time.">
      {enrollments.length === 0 ? (
        <Text size="sm" c="dimmed">
          No enrollments in this time
        </Text>
      ) : (
        <Table.ScrollContainer minWidth={680}>
          <Table highlightOnHover verticalSpacing={8} aria-label="Recent enrollments">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Contact</Table.Th>
                <Table.Th>Status</Table.Th>
                <Table.Th w={150}>Steps done</Table.Th>
                <Table.Th>Where it is</Table.Th>
                <Table.Th>Enrolled</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {enrollments.map((each) => (
                <Table.Tr key={each.id}>
                  <Table.Td>
                    <AnchorLink
                      to="/campaigns/$campaignId/enrollments/$enrollmentId"
                      params={{ campaignId, enrollmentId: each.id }}
                      fz="sm"
                      fw={600}
                    >
                      {each.contact_name ?? "No name"}
                    </AnchorLink>
                  </Table.Td>
                  <Table.Td>
                    <EnrollmentBadge status={each.status} />
                  </Table.Td>
                  <Table.Td>
                    <Done enrollment={each} />
                  </Table.Td>
                  <Table.Td maw={280}>
                    <Text size="sm" truncate>
                      {placeOf(each, titles)}
                    </Text>
                    {each.next_step_scheduled_at && (
                      <Text size="xs" c="dimmed">
                        goes on {formatDistance(each.next_step_scheduled_at)}
                      </Text>
                    )}
                  </Table.Td>
                  <Table.Td>
                    <When at={each.enrolled_at} distance />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      <Box>
        <AnchorLink to="/campaigns/$campaignId/enrollments" params={{ campaignId }} fz="sm">
          All enrollments
        </AnchorLink>
      </Box>
    </Section>
  );
}

function Done({ enrollment: { steps_completed, steps_total } }: { enrollment: RecentEnrollment }) {
  const share = steps_total > 0 ? (steps_completed / steps_total) * 100 : 0;
  return (
    <>
      <Text size="xs">
        {steps_completed} of {steps_total}
      </Text>
      <Progress
        size="sm"
        value={Math.min(100, share)}
        aria-label={`${steps_completed} of ${steps_total} steps`}
      />
    </>
  );
}

function placeOf(each: RecentEnrollment, titles: ReadonlyMap<string, string>): string {
  if (each.exit_reason) return EXIT_REASONS[each.exit_reason];
  return titles.get(each.current_step_id ?? "") ?? "–";
}
