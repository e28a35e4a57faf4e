import { ActionIcon, Button, Chip, Group, Paper, Select, Stack, Text } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import type { Step } from "@/api/types";
import { useVocabulary } from "@/conditions/useVocabulary";
import { readable } from "@/format/names";
import { stepTitle } from "@/format/steps";
import { EventSelect } from "@/ui/EventSelect";
import { awaitedBy, type Happening, reactionsTo } from "./run";

interface Props {
  /** In the order in which people read them. */
  steps: readonly Step[];
  value: Happening[];
  onChange: (assumed: Happening[]) => void;
  errorAt: (place: string) => string | undefined;
}

/** What the contact does with each message, and what else happens on the way. */
export function Assumptions({ steps, value, onChange, errorAt }: Props) {
  const vocabulary = useVocabulary();
  const offers = steps.flatMap((step) => {
    const offered = offersOf(step, (name) => {
      const known = vocabulary?.events.find((each) => each.name === name);
      return known?.label ?? readable(name);
    });
    return offered.length > 0 ? [{ step, offered }] : [];
  });
  const isOffered = ({ step_id, event }: Happening) =>
    offers.some(
      ({ step, offered }) => step.id === step_id && offered.some((each) => each.event === event),
    );
  const toggle = (happening: Happening, on: boolean) =>
    onChange(on ? [...value, happening] : value.filter((each) => !isSame(each, happening)));

  return (
    <Stack gap="sm">
      {offers.map(({ step, offered }) => (
        <div key={step.id}>
          <Text size="sm" lineClamp={1} id={`assume-${step.id}`}>
            {stepTitle(step)}
          </Text>
          <Group gap={6} mt={4} role="group" aria-labelledby={`assume-${step.id}`}>
            {offered.map(({ event, label }) => (
              <Chip
                key={event}
                size="xs"
                checked={value.some((each) => isSame(each, { step_id: step.id, event }))}
                onChange={(on) => toggle({ step_id: step.id, event }, on)}
              >
                {label}
              </Chip>
            ))}
          </Group>
        </div>
      ))}
      {value.map((each, at) =>
        isOffered(each) ? null : (
          <OtherEvent
            // biome-ignore lint/suspicious/noArrayIndexKey: two may be the same while they are being written
            key={at}
            steps={steps}
            value={each}
            onChange={(changed) => onChange(value.with(at, changed))}
            onRemove={() => onChange(value.toSpliced(at, 1))}
            error={errorAt(`assume.${at}.event`) ?? errorAt(`assume.${at}.step_id`)}
          />
        ),
      )}
      <Button
        size="compact-sm"
        variant="subtle"
        w="fit-content"
        leftSection={<IconPlus size={14} />}
        onClick={() => onChange([...value, { step_id: steps[0]?.id ?? "", event: "" }])}
      >
        Another event
      </Button>
    </Stack>
  );
}

interface OtherProps {
  steps: readonly Step[];
  value: Happening;
  onChange: (happening: Happening) => void;
  onRemove: () => void;
  error: string | undefined;
}

function OtherEvent({ steps, value, onChange, onRemove, error }: OtherProps) {
  return (
    <Paper withBorder p="xs">
      <Group gap="xs" wrap="nowrap" align="flex-start">
        <Stack gap="xs" flex={1} miw={0}>
          <EventSelect
            label="This happens"
            value={value.event}
            onChange={(event) => onChange({ ...value, event })}
            error={error}
          />
          <Select
            label="as soon as this step is done"
            allowDeselect={false}
            data={steps.map((step) => ({ value: step.id, label: stepTitle(step) }))}
            value={value.step_id}
            onChange={(step_id) => step_id && onChange({ ...value, step_id })}
          />
        </Stack>
        <ActionIcon
          variant="subtle"
          color="gray.7"
          aria-label="Remove the event"
          onClick={onRemove}
        >
          <IconX size={16} />
        </ActionIcon>
      </Group>
    </Paper>
  );
}

/** What can be assumed by one click. */
function offersOf(step: Step, labelOf: (eventName: string) => string) {
  const awaited = awaitedBy(step);
  if (awaited) return [{ event: awaited, label: `It comes: ${labelOf(awaited)}` }];
  return reactionsTo(step);
}

function isSame(one: Happening, other: Happening): boolean {
  return one.step_id === other.step_id && one.event === other.event;
}
