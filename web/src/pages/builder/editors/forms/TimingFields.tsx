import { Group, NumberInput, Select, Stack, Text } from "@mantine/core";
import type { Campaign } from "@/api/types";
import { choices, DELAY_UNITS } from "@/format/words";
import type { StepForm } from "../useStepForm";
import { describeDelay } from "../words";

interface Props {
  form: StepForm;
  campaign: Campaign;
  isFirst: boolean;
}

/** How long after the step before. */
export function TimingFields({ form, campaign, isFirst }: Props) {
  const { values, change, errorAt } = form;
  return (
    <Stack gap={4}>
      <Group gap="xs" align="flex-start" wrap="nowrap">
        <NumberInput
          label={isFirst ? "Wait after enrolling" : "Wait after the step before"}
          flex="0 1 220px"
          min={0}
          allowDecimal={false}
          allowNegative={false}
          value={values.delay_value}
          onChange={(value) => change({ delay_value: typeof value === "number" ? value : "" })}
          error={errorAt("delay_value")}
        />
        <Select
          label="Unit"
          flex="0 1 130px"
          allowDeselect={false}
          data={choices(DELAY_UNITS)}
          value={values.delay_unit}
          onChange={(unit) => unit && change({ delay_unit: unit })}
          error={errorAt("delay_unit")}
        />
      </Group>
      <Text size="sm" c="dimmed" aria-live="polite">
        {describeDelay(values, campaign, isFirst)}
      </Text>
    </Stack>
  );
}
