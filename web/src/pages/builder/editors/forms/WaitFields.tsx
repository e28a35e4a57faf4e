import { Group, NumberInput, Radio, Select, Stack, Text } from "@mantine/core";
import { isRecord } from "@/format/json";
import { choices, DELAY_UNITS } from "@/format/words";
import { EventSelect } from "@/ui/EventSelect";
import type { FieldsProps } from "../StepFields";
import { type Config, numberOf, textOf } from "../stepValues";

const NEW_UNTIL: Config = { event: "", timeout: { delay_value: 7, delay_unit: "days" } };

/** Whether the wait ends with its delay, or with an event. */
export function WaitFields({ form }: FieldsProps) {
  const { configure, errorAt } = form;
  const given = form.values.step_config.until;
  const until = isRecord(given) ? given : null;
  const timeout = until && isRecord(until.timeout) ? until.timeout : {};
  const put = (changes: Config) => configure({ until: { ...until, ...changes } });
  const unit = choices(DELAY_UNITS).find(({ value }) => value === timeout.delay_unit)?.value;
  return (
    <Stack gap="md">
      <Radio.Group
        label="Then"
        value={until ? "event" : "time"}
        onChange={(chosen) => configure({ until: chosen === "event" ? NEW_UNTIL : undefined })}
      >
        <Stack gap="xs" mt="xs">
          <Radio value="time" label="go on" />
          <Radio value="event" label="wait on, until something happens" />
        </Stack>
      </Radio.Group>
      {until && (
        <>
          <EventSelect
            label="Until"
            value={textOf(until, "event")}
            onChange={(event) => put({ event })}
            error={errorAt("step_config.until.event")}
          />
          <Stack gap={4}>
            <Group gap="xs" align="flex-start" wrap="nowrap">
              <NumberInput
                label="But no longer than"
                flex="0 1 220px"
                min={1}
                allowDecimal={false}
                value={numberOf(timeout, "delay_value")}
                onChange={(value) => put({ timeout: { ...timeout, delay_value: value } })}
                error={
                  errorAt("step_config.until.timeout.delay_value") ??
                  errorAt("step_config.until.timeout")
                }
              />
              <Select
                label="Unit"
                flex="0 1 130px"
                allowDeselect={false}
                data={choices(DELAY_UNITS)}
                value={unit ?? null}
                onChange={(delay_unit) => put({ timeout: { ...timeout, delay_unit } })}
                error={errorAt("step_config.until.timeout.delay_unit")}
              />
            </Group>
            <Text size="sm" c="dimmed">
              Whichever comes first: the event, or the end of this time. Then the next step follows.
            </Text>
          </Stack>
        </>
      )}
    </Stack>
  );
}
