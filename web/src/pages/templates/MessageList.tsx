import { Badge, Button, Group, Stack, Text, ThemeIcon } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import type { Problem } from "@/api/client";
import type { Step } from "@/api/types";
import { STEP_TYPES } from "@/format/words";
import type { Config } from "@/pages/builder/editors/stepValues";
import { inOrder } from "@/pages/enrollments/flow";
import { Failure } from "@/ui/Failure";
import { StepIcon } from "@/ui/StepIcon";
import { dayOfEach, isMessage } from "./messages";
import { SampleMessage } from "./SampleMessage";
import { WordingFields } from "./WordingFields";

interface Props {
  steps: readonly Step[];
  /** What was changed of them, by step. */
  changed: ReadonlyMap<string, Config>;
  /** Left out where nothing is to be changed. */
  onChange?: (step: Step, config: Config) => void;
  refused?: { stepId: string; problem: Problem } | null;
}

/** The messages in the order in which they come, as a homeowner gets them. */
export function MessageList({ steps, changed, onChange, refused }: Props) {
  const days = dayOfEach(steps);
  const messages = inOrder(steps).filter(({ step }) => isMessage(step));
  if (messages.length === 0)
    return (
      <Text size="sm" c="dimmed">
        It sends no messages.
      </Text>
    );
  return (
    <Stack component="ol" gap="xl" p={0} m={0} style={{ listStyle: "none" }}>
      {messages.map(({ step, branch }) => (
        <MessageItem
          key={step.id}
          step={step}
          branch={branch}
          day={days.get(step.id) ?? 1}
          config={changed.get(step.id) ?? step.step_config}
          onChange={onChange && ((config) => onChange(step, config))}
          problem={refused?.stepId === step.id ? refused.problem : null}
        />
      ))}
    </Stack>
  );
}

interface ItemProps {
  step: Step;
  branch: "true" | "false" | null;
  day: number;
  config: Config;
  onChange: ((config: Config) => void) | undefined;
  problem: Problem | null;
}

function MessageItem({ step, branch, day, config, onChange, problem }: ItemProps) {
  const [isEditing, setIsEditing] = useState(false);
  const errorAt = (place: string) =>
    problem?.errors?.find(({ field }) => field === `step_config.${place}`)?.message;
  const item = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (!problem) return;
    setIsEditing(true);
    item.current?.scrollIntoView({ block: "center" });
  }, [problem]);
  const name = STEP_TYPES[step.step_type];
  return (
    <li ref={item}>
      <Group gap="xs" mb="xs">
        <ThemeIcon variant="light" size={26} radius="xl">
          <StepIcon type={step.step_type} size={14} />
        </ThemeIcon>
        <Text size="sm" fw={600}>
          {name}
        </Text>
        <Text size="sm" c="dimmed">
          Day {day}
        </Text>
        {branch && (
          <Badge variant="default" tt="none">
            {branch === "true" ? "If yes" : "If no"}
          </Badge>
        )}
        {onChange && !config.template_id && (
          <Button
            size="compact-sm"
            variant="subtle"
            ml="auto"
            leftSection={<IconPencil size={14} />}
            aria-expanded={isEditing}
            aria-label={`${isEditing ? "Done with" : "Edit"} the ${name.toLowerCase()} of day ${day}`}
            onClick={() => setIsEditing(!isEditing)}
          >
            {isEditing ? "Done" : "Edit"}
          </Button>
        )}
      </Group>
      <Stack gap="sm">
        {problem && !problem.errors?.length && <Failure problem={problem} />}
        {isEditing && onChange && (
          <WordingFields
            type={step.step_type}
            config={config}
            onChange={onChange}
            errorAt={errorAt}
          />
        )}
        <SampleMessage type={step.step_type} config={config} />
      </Stack>
    </li>
  );
}
