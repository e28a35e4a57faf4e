import { Box, Group, SegmentedControl, Select, Text } from "@mantine/core";
import { DatePickerInput } from "@mantine/dates";
import { IconCalendar } from "@tabler/icons-react";
import { useState } from "react";
import { cityOf } from "@/format/zones";
import { useSession } from "@/session/session";
import { CALENDAR } from "@/ui/calendar";
import {
  type Choice,
  choiceOf,
  PRESETS,
  queryOf,
  type RangeSearch,
  sayDay,
  sayRange,
  searchFor,
} from "./range";

const CHOICES = [
  ...Object.entries(PRESETS).map(([value, label]) => ({ value: value as Choice, label })),
  { value: "all" as const, label: "All time" },
  { value: "own" as const, label: "Own range" },
];

interface Props {
  search: RangeSearch;
  onChange: (search: RangeSearch) => void;
}

/** Which days the report is about, and in which zone they are days. */
export function RangeControl({ search, onChange }: Props) {
  const { timezone } = useSession().tenant;
  const choice = choiceOf(search);
  const choose = (value: Choice) => onChange(searchFor(value, search, timezone));
  return (
    <Box>
      <Group gap="sm">
        <SegmentedControl<Choice>
          visibleFrom="sm"
          aria-label="Time"
          data={CHOICES}
          value={choice}
          onChange={choose}
        />
        <Select
          hiddenFrom="sm"
          w="100%"
          aria-label="Time"
          allowDeselect={false}
          data={CHOICES}
          value={choice}
          onChange={(value) => value && choose(value)}
        />
        {choice === "own" && <OwnDays search={search} onChange={onChange} />}
      </Group>
      <Text size="xs" c="dimmed" mt={6}>
        <span>{sayRange(queryOf(search, timezone))}</span> · days in {cityOf(timezone)} ({timezone})
      </Text>
    </Box>
  );
}

function OwnDays({ search, onChange }: Props) {
  const [first, setFirst] = useState<string | null>(null);
  const shown: [string | null, string | null] = first
    ? [first, null]
    : [search.from ?? null, search.to ?? null];
  return (
    <DatePickerInput
      type="range"
      aria-label={`First and last day: ${shown.map((day) => day && sayDay(day)).join(" – ")}`}
      placeholder="First and last day"
      allowSingleDateInRange
      {...CALENDAR}
      w={{ base: "100%", sm: 260 }}
      valueFormat="MMM D, YYYY"
      leftSection={<IconCalendar size={16} aria-hidden />}
      value={shown}
      onChange={([from, to]) => {
        setFirst(to ? null : from);
        if (from && to) onChange({ from, to });
      }}
      onDropdownClose={() => setFirst(null)}
    />
  );
}
