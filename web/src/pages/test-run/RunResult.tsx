import { Group, Paper, Stack, Text, Title } from "@mantine/core";
import { IconFlag } from "@tabler/icons-react";
import type { Step } from "@/api/types";
import { counted, formatTime } from "@/format/format";
import { EXIT_REASONS } from "@/format/words";
import { dayIn, daysBetween } from "@/format/zones";
import { EnrollmentBadge } from "@/ui/Status";
import { EntryView } from "./EntryView";
import { type Day, daysOf, type TestRun } from "./run";

interface Props {
  run: TestRun;
  steps: readonly Step[];
  startAt: string;
  /** Who walks: "Maria Lopez". */
  name: string;
  timeZone: string;
}

/** The days of a walk, each with what happens on it, and how it ends. */
export function RunResult({ run, steps, startAt, name, timeZone }: Props) {
  const days = daysOf(run.entries, timeZone, startAt);
  return (
    <Stack gap="lg">
      <Text size="sm" c="dimmed">
        Starts {formatTime(startAt, timeZone)}. Times are on the clock of {name}.
      </Text>
      {days.map((day) => (
        <DayView key={day.date} day={day} steps={steps} timeZone={timeZone} />
      ))}
      {days.length === 0 && <Text size="sm">Nothing happens: the campaign has no steps.</Text>}
      <Outcome run={run} startAt={startAt} timeZone={timeZone} />
    </Stack>
  );
}

function DayView(props: { day: Day; steps: readonly Step[]; timeZone: string }) {
  const { date, number, entries } = props.day;
  const id = `day-${date}`;
  return (
    <section aria-labelledby={id}>
      <Group gap="xs" mb="xs" align="baseline">
        <Title order={3} size="h5" id={id}>
          Day {number}
        </Title>
        <Text size="sm" c="dimmed">
          {dayWords(date)}
        </Text>
      </Group>
      <Stack
        component="ul"
        gap="md"
        pl="md"
        m={0}
        style={{ listStyle: "none", borderLeft: "2px solid var(--mantine-color-gray-3)" }}
      >
        {entries.map((entry) => (
          <EntryView
            key={`${entry.step_id} ${entry.at}`}
            entry={entry}
            step={props.steps.find(({ id }) => id === entry.step_id)}
            timeZone={props.timeZone}
          />
        ))}
      </Stack>
    </section>
  );
}

function Outcome({ run, startAt, timeZone }: Pick<Props, "run" | "startAt" | "timeZone">) {
  const { status, exit_reason, at } = run.outcome;
  const length = daysBetween(dayIn(startAt, timeZone), dayIn(at, timeZone));
  return (
    <Paper withBorder p="md" bg="gray.0" aria-label="How it ends" component="section">
      <Group gap="sm" wrap="nowrap" align="flex-start">
        <IconFlag size={20} stroke={1.6} aria-hidden />
        <div>
          <Group gap="xs">
            <Text fw={600}>
              {status === "active"
                ? "It goes on"
                : (exit_reason && EXIT_REASONS[exit_reason]) || "It ends"}
            </Text>
            <EnrollmentBadge status={status} />
          </Group>
          <Text size="sm" c="dimmed">
            {status === "active"
              ? "The walk is too long to be shown to its end."
              : `${formatTime(at, timeZone)}, ${length === 0 ? "on the same day" : `${counted(length, "day")} after it began`}.`}
          </Text>
        </div>
      </Group>
    </Paper>
  );
}

/** Mon, Nov 23 */
function dayWords(date: string): string {
  return new Intl.DateTimeFormat("en-US", {
    timeZone: "UTC",
    weekday: "short",
    month: "short",
    day: "numeric",
    ...(date.startsWith(String(new Date().getFullYear())) ? {} : { year: "numeric" }),
  }).format(new Date(`${date}T00:00:00Z`));
}
