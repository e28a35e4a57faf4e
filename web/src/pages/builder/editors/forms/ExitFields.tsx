import { Select, Stack, Text } from "@mantine/core";
import { choices, EXIT_REASONS } from "@/format/words";
import type { FieldsProps } from "../StepFields";
import { textOf } from "../stepValues";

export function ExitFields({ form }: FieldsProps) {
  const { values, configure, errorAt } = form;
  return (
    <Stack gap={4}>
      <Select
        label="Reason"
        withAsterisk
        allowDeselect={false}
        data={choices(EXIT_REASONS)}
        value={textOf(values.step_config, "reason") || null}
        onChange={(reason) => configure({ reason })}
        error={errorAt("step_config.reason")}
      />
      <Text size="sm" c="dimmed">
        The campaign ends here for the contact. The reason is shown in its timeline and counted in
        reports.
      </Text>
    </Stack>
  );
}
