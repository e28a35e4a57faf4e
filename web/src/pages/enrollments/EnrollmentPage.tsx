import {
  Alert,
  Badge,
  Button,
  Divider,
  Group,
  Paper,
  SimpleGrid,
  Stack,
  Text,
  Title,
} from "@mantine/core";
import {
  IconArrowLeft,
  IconDoorExit,
  IconExternalLink,
  IconFlag,
  IconPlayerPause,
  IconPlayerPlay,
  IconRoute,
} from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";
import { api } from "@/api/client";
import type { EnrollmentDetail, Step } from "@/api/types";
import { useVocabulary } from "@/conditions/useVocabulary";
import { formatCount, formatDistance, formatMoney, nameOf } from "@/format/format";
import { stepTitle } from "@/format/steps";
import { sayWhy } from "@/format/why";
import { EXIT_REASONS, SOURCES } from "@/format/words";
import { useCampaign } from "@/pages/campaigns/CampaignFrame";
import { Loaded } from "@/ui/Loaded";
import { AnchorLink } from "@/ui/links";
import { useTitle } from "@/ui/Page";
import { EnrollmentBadge } from "@/ui/Status";
import { When } from "@/ui/When";
import { EnrollmentTimeline } from "./EnrollmentTimeline";
import { isLive, useActions } from "./useActions";

const route = getRouteApi("/inside/campaigns/$campaignId/enrollments/$enrollmentId");
const POLL_MS = 5_000;

/** One contact's way through a campaign: where it is, what comes next and why, and all that has happened. */
export function EnrollmentPage() {
  const { campaignId, enrollmentId } = route.useParams();
  const query = api.useQuery(
    "get",
    "/api/campaigns/{campaign_id}/enrollments/{enrollment_id}",
    { params: { path: { campaign_id: campaignId, enrollment_id: enrollmentId } } },
    {
      refetchInterval: ({ state }) =>
        state.data && isLive(state.data.enrollment) ? POLL_MS : false,
    },
  );
  const steps = api.useQuery("get", "/api/campaigns/{campaign_id}/steps", {
    params: { path: { campaign_id: campaignId } },
  });
  return (
    <Stack>
      <AnchorLink to="/campaigns/$campaignId/enrollments" params={{ campaignId }} fz="sm">
        <Group gap={4} wrap="nowrap">
          <IconArrowLeft size={14} aria-hidden /> All enrollments
        </Group>
      </AnchorLink>
      <Loaded query={query}>
        {({ enrollment }) => <Shown enrollment={enrollment} steps={steps.data?.steps ?? []} />}
      </Loaded>
    </Stack>
  );
}

function Shown({ enrollment, steps }: { enrollment: EnrollmentDetail; steps: Step[] }) {
  const { name } = useCampaign();
  useTitle(`${nameOf(enrollment.contact)} · ${name}`);
  return (
    <>
      <Header enrollment={enrollment} />
      <Next enrollment={enrollment} steps={steps} />
      <Figures enrollment={enrollment} />
      <Divider />
      <Title order={3} size="h4">
        Timeline
      </Title>
      {enrollment.executions.length > 0 ? (
        <EnrollmentTimeline enrollment={enrollment} steps={steps} />
      ) : (
        <Text c="dimmed" size="sm">
          {enrollment.is_holdout
            ? "Nothing happens here: this contact is held out, so that the campaign's effect can be measured."
            : "Nothing has happened yet."}
        </Text>
      )}
    </>
  );
}

function Header({ enrollment }: { enrollment: EnrollmentDetail }) {
  const { contact } = enrollment;
  const by = useUserName(enrollment.enrolled_by);
  const address = [contact.email, contact.phone].filter(Boolean).join(" · ");
  return (
    <Group justify="space-between" align="flex-start" gap="sm">
      <div>
        <Group gap="sm">
          <Title order={2} size="h3">
            <AnchorLink to="/contacts/$contactId" params={{ contactId: contact.id }} inherit>
              {nameOf(contact)}
            </AnchorLink>
          </Title>
          <EnrollmentBadge status={enrollment.status} />
          {enrollment.is_holdout && <Badge color="grape.9">Held out</Badge>}
        </Group>
        <Text size="sm" c="dimmed" mt={2}>
          {address}
        </Text>
        <Text size="sm" c="dimmed">
          Enrolled <When at={enrollment.enrolled_at} /> · {SOURCES[enrollment.enrollment_source]}
          {by && `, by ${by}`}
        </Text>
      </div>
      <Buttons enrollment={enrollment} />
    </Group>
  );
}

function Buttons({ enrollment }: { enrollment: EnrollmentDetail }) {
  const { pause, resume, exit, isPending } = useActions();
  return (
    <Group gap="xs">
      {enrollment.temporal_url && (
        <Button
          component="a"
          href={enrollment.temporal_url}
          target="_blank"
          rel="noreferrer"
          variant="subtle"
          rightSection={<IconExternalLink size={14} aria-hidden />}
        >
          Open in Temporal
        </Button>
      )}
      {enrollment.status === "active" && (
        <Button
          variant="default"
          leftSection={<IconPlayerPause size={16} />}
          disabled={isPending}
          onClick={() => pause(enrollment)}
        >
          Pause
        </Button>
      )}
      {enrollment.status === "paused" && (
        <Button
          leftSection={<IconPlayerPlay size={16} />}
          disabled={isPending}
          onClick={() => resume(enrollment)}
        >
          Resume
        </Button>
      )}
      {isLive(enrollment) && (
        <Button
          variant="outline"
          color="red.9"
          leftSection={<IconDoorExit size={16} />}
          disabled={isPending}
          onClick={() => exit(enrollment)}
        >
          Take out
        </Button>
      )}
    </Group>
  );
}

/** What happens next and why, or how it has ended. */
function Next({ enrollment, steps }: { enrollment: EnrollmentDetail; steps: Step[] }) {
  const vocabulary = useVocabulary();
  const step = steps.find(({ id }) => id === enrollment.current_step_id);
  const at = enrollment.next_step_scheduled_at;
  const ended = enrollment.completed_at ?? enrollment.exited_at;
  const live = isLive(enrollment);
  const reason = enrollment.exit_reason && EXIT_REASONS[enrollment.exit_reason];
  const title = live
    ? `Next: ${step ? stepTitle(step) : "what comes after a step that was deleted"}`
    : (reason ?? "Over");
  const when = live ? at : ended;
  return (
    <Alert
      variant="light"
      color={LINE_COLORS[enrollment.status]}
      icon={live ? <IconRoute /> : <IconFlag />}
      title={
        <>
          {title}
          {when && `, ${formatDistance(when)}`}
        </>
      }
    >
      <Text size="sm">
        {enrollment.why && `${sayWhy(enrollment.why, vocabulary)}. `}
        {when && !live && <When at={when} />}
      </Text>
    </Alert>
  );
}

const LINE_COLORS = {
  active: "slate",
  paused: "orange",
  completed: "slate",
  exited: "gray",
  failed: "red",
} as const;

function Figures({ enrollment: one }: { enrollment: EnrollmentDetail }) {
  const figures = [
    { label: "Steps done", value: formatCount(one.steps_completed), more: null },
    {
      label: "E-mails",
      value: formatCount(one.emails_sent),
      more: `${formatCount(one.emails_opened)} opened, ${formatCount(one.emails_clicked)} clicked`,
    },
    {
      label: "Texts",
      value: formatCount(one.sms_sent),
      more: `${formatCount(one.sms_replied)} replied to`,
    },
    { label: "Tasks", value: formatCount(one.tasks_created), more: null },
    {
      label: "Goal",
      value: one.goal_achieved ? "Achieved" : "Not yet",
      more: one.goal_achieved_at && <When at={one.goal_achieved_at} distance />,
    },
    { label: "Revenue", value: formatMoney(one.revenue_attributed), more: null },
  ];
  return (
    <SimpleGrid cols={{ base: 2, xs: 3, md: 6 }} spacing="sm">
      {figures.map(({ label, value, more }) => (
        <Paper key={label} withBorder px="sm" py="xs">
          <Text size="xs" c="dimmed">
            {label}
          </Text>
          <Text fw={650} size="lg">
            {value}
          </Text>
          <Text size="xs" c="dimmed">
            {more}
          </Text>
        </Paper>
      ))}
    </SimpleGrid>
  );
}

/** The name of a user; nothing while it is not known, and where it was no person. */
function useUserName(userId: string | null): string | null {
  const { data } = api.useQuery(
    "get",
    "/api/users/{user_id}",
    { params: { path: { user_id: userId ?? "" } } },
    { enabled: userId !== null, staleTime: 60_000 },
  );
  return data?.user.name ?? null;
}
