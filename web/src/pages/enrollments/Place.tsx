import { Box, Group, Text, Tooltip, VisuallyHidden } from "@mantine/core";
import type { Enrollment, Step } from "@/api/types";
import { formatDistance, formatTime } from "@/format/format";
import { stepDetail, stepTitle } from "@/format/steps";
import { EXIT_REASONS, STEP_TYPES } from "@/format/words";
import { useSession } from "@/session/session";
import { StepIcon } from "@/ui/StepIcon";
import { isLive } from "./useActions";

interface Props {
  enrollment: Enrollment;
  /** That it is at; none if that was deleted. */
  step: Step | undefined;
}

/** The step that it waits for and when it goes on, or how and when it has ended; why, on hover and focus. */
export function Place({ enrollment: one, step }: Props) {
  const { timezone } = useSession().tenant;
  const live = isLive(one);
  const at = live ? one.next_step_scheduled_at : (one.completed_at ?? one.exited_at);
  const told = [at && formatTime(at, timezone), one.why].filter(Boolean).join(" · ");
  return (
    <>
      {live ? (
        <StepName step={step} />
      ) : (
        <Text size="sm">{one.exit_reason && EXIT_REASONS[one.exit_reason]}</Text>
      )}
      <Tooltip
        label={told}
        disabled={!told}
        multiline
        maw={360}
        events={{ hover: true, focus: true, touch: true }}
      >
        <Box component="span" fz="xs" c="dimmed" tabIndex={told ? 0 : undefined}>
          {at ? (
            <time dateTime={at}>
              {live && one.status === "active" ? "goes on " : ""}
              {formatDistance(at)}
            </time>
          ) : (
            (one.why ?? "–")
          )}
        </Box>
      </Tooltip>
    </>
  );
}

function StepName({ step }: { step: Step | undefined }) {
  if (!step) return <Text size="sm">A step that was deleted</Text>;
  return (
    <Group gap={6} wrap="nowrap" title={stepTitle(step)}>
      <StepIcon type={step.step_type} />
      <VisuallyHidden>{STEP_TYPES[step.step_type]}</VisuallyHidden>
      <Text size="sm" truncate>
        {stepDetail(step) || STEP_TYPES[step.step_type]}
      </Text>
    </Group>
  );
}
