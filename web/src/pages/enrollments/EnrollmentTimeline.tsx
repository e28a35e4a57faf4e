import { Badge, Group, Stack, Text, Timeline, Tooltip } from "@mantine/core";
import type { EnrollmentDetail, Execution, Step } from "@/api/types";
import { useVocabulary } from "@/conditions/useVocabulary";
import { formatTime } from "@/format/format";
import { delayWords, stepTitle } from "@/format/steps";
import { sayWhy } from "@/format/why";
import { STEP_TYPES } from "@/format/words";
import { useSession } from "@/session/session";
import { ExecutionBadge } from "@/ui/Status";
import { StepIcon } from "@/ui/StepIcon";
import { When } from "@/ui/When";
import { Facts } from "./Facts";
import { type Ahead, stepsAhead } from "./flow";
import { branchOf, resultFacts } from "./results";
import { SentContent } from "./SentContent";
import { isLive } from "./useActions";

interface Props {
  enrollment: EnrollmentDetail;
  steps: Step[];
}

/** Each visit of a step as it went, and in grey what is still to come. */
export function EnrollmentTimeline({ enrollment, steps }: Props) {
  const { executions } = enrollment;
  const ahead = isLive(enrollment) ? stepsAhead(steps, enrollment.current_step_id) : [];
  const visits = executions.map((each) => (
    <Timeline.Item
      key={each.id}
      role="listitem"
      bullet={<StepIcon type={each.step_type} size={14} />}
      title={
        <Group gap="xs">
          <Text fw={600} size="sm" span>
            {titleOf(each, steps)}
          </Text>
          <ExecutionBadge status={each.status} />
          <Branch execution={each} />
          {each.variant && (
            <Badge variant="default" tt="none">
              Variant {each.variant}
            </Badge>
          )}
        </Group>
      }
    >
      <Visit execution={each} contactId={enrollment.contact_id} />
    </Timeline.Item>
  ));
  const future = ahead.map((each) => (
    <Timeline.Item
      key={each.step.id}
      role="listitem"
      lineVariant="dashed"
      bullet={<StepIcon type={each.step.step_type} size={14} />}
      title={<Coming ahead={each} />}
    />
  ));
  return (
    <Timeline
      role="list"
      aria-label="Timeline"
      active={executions.length - 1}
      bulletSize={28}
      lineWidth={2}
    >
      {[...visits, ...future]}
    </Timeline>
  );
}

function Visit({ execution: each, contactId }: { execution: Execution; contactId: string }) {
  const vocabulary = useVocabulary();
  const isSend = each.step_type === "send_email" || each.step_type === "send_sms";
  const wasTried = ["completed", "failed", "unknown"].includes(each.status);
  const isErrorTold = !each.error_message || each.why?.includes(each.error_message);
  return (
    <Stack gap={4} pb="xs">
      <Times execution={each} />
      {each.why && <Text size="sm">{sayWhy(each.why, vocabulary)}</Text>}
      {!isErrorTold && (
        <Text size="sm" c="red.9">
          {each.error_message}
        </Text>
      )}
      <Marks execution={each} />
      <Facts facts={resultFacts(each)} />
      {isSend && wasTried && <SentContent contactId={contactId} execution={each} />}
    </Stack>
  );
}

function Times({
  execution: { scheduled_at, started_at, completed_at },
}: {
  execution: Execution;
}) {
  const lasted =
    started_at && completed_at && Date.parse(completed_at) - Date.parse(started_at) > 60_000;
  return (
    <Text size="xs" c="dimmed">
      Scheduled <When at={scheduled_at} />
      {started_at && (lasted || !completed_at) && (
        <>
          {" · "}started <When at={started_at} />
        </>
      )}
      {completed_at && (
        <>
          {" · "}done <When at={completed_at} />
        </>
      )}
    </Text>
  );
}

const MARKS = [
  { at: "delivered_at", label: "Delivered", color: "gray.8" },
  { at: "opened_at", label: "Opened", color: "slate.9" },
  { at: "clicked_at", label: "Clicked", color: "slate.9" },
  { at: "replied_at", label: "Replied", color: "teal.9" },
  { at: "bounced_at", label: "Came back", color: "red.9" },
  { at: "unsubscribed_at", label: "Unsubscribed", color: "red.9" },
] as const;

/** What became of a message. */
function Marks({ execution }: { execution: Execution }) {
  const { timezone } = useSession().tenant;
  const marks = MARKS.flatMap(({ at, ...mark }) => {
    const when = execution[at];
    return when ? [{ ...mark, when }] : [];
  });
  if (marks.length === 0) return null;
  return (
    <Group gap={6}>
      {marks.map(({ label, color, when }) => (
        <Tooltip
          key={label}
          label={formatTime(when, timezone)}
          events={{ hover: true, focus: true, touch: true }}
        >
          <Badge variant="outline" color={color} tt="none" tabIndex={0}>
            {label}
          </Badge>
        </Tooltip>
      ))}
    </Group>
  );
}

function Branch({ execution }: { execution: Execution }) {
  const branch = branchOf(execution);
  if (branch === null) return null;
  return (
    <Badge variant="default" tt="none">
      {branch ? "Went the yes way" : "Went the no way"}
    </Badge>
  );
}

function Coming({ ahead: { step, branch, depth } }: { ahead: Ahead }) {
  return (
    <Text size="sm" c="dimmed" pl={depth * 20} pt={4} span display="block">
      {branch && <b>{branch === "true" ? "If yes: " : "If no: "}</b>}
      {stepTitle(step)}
      {step.step_type !== "wait" && `, ${delayWords(step)}`}
    </Text>
  );
}

function titleOf(execution: Execution, steps: readonly Step[]): string {
  const step = steps.find(({ id }) => id === execution.step_id);
  return step?.step_type === execution.step_type
    ? stepTitle(step)
    : `${STEP_TYPES[execution.step_type]}, a step that was deleted`;
}
