import {
  Checkbox,
  Chip,
  Fieldset,
  Group,
  Input,
  NumberInput,
  Radio,
  Select,
  Stack,
  Switch,
  TagsInput,
  Text,
  Textarea,
  TextInput,
} from "@mantine/core";
import { DatePickerInput } from "@mantine/dates";
import type { UseFormReturnType } from "@mantine/form";
import { CAMPAIGN_TYPES, choices, GOALS } from "@/format/words";
import { useSession } from "@/session/session";
import { CALENDAR } from "@/ui/calendar";
import { DAYS, hourLabel, type SettingsForm } from "./settings";

type Form = UseFormReturnType<SettingsForm>;

const TYPE_HELP: Record<SettingsForm["campaign_type"], string> = {
  drip: "A series of messages over days or weeks.",
  event: "Starts when something happens: a stage changes, an estimate goes out.",
  reengagement: "Wins back leads that have gone quiet.",
  retention: "Keeps in touch with customers after the job.",
  nurture: "A long, patient series for those who are not ready yet.",
};

const HALF_HOURS = Array.from({ length: 49 }, (_, half) => ({
  value: String(half / 2),
  label: hourLabel(half / 2),
}));

/** Name, type and goal: what a campaign cannot begin without. */
export function Basics({ form }: { form: Form }) {
  return (
    <Stack>
      <TextInput label="Name" required maxLength={255} {...form.getInputProps("name")} />
      <Textarea
        label="Description"
        description="For your team; contacts never see it."
        autosize
        minRows={2}
        {...form.getInputProps("description")}
      />
      <Select
        label="Type"
        description={TYPE_HELP[form.values.campaign_type]}
        data={choices(CAMPAIGN_TYPES)}
        allowDeselect={false}
        {...form.getInputProps("campaign_type")}
      />
      <Group grow align="flex-end">
        <Select
          label="Goal"
          description="Whoever reaches it leaves the campaign, and counts."
          placeholder="None"
          clearable
          data={choices(GOALS)}
          {...form.getInputProps("goal_type")}
        />
        <NumberInput
          label="Target"
          description="How many you want to reach it."
          min={1}
          disabled={form.values.goal_type === null}
          {...form.getInputProps("goal_target")}
        />
      </Group>
    </Stack>
  );
}

/** Who gets in, and how often. */
export function Entry({ form }: { form: Form }) {
  return (
    <Fieldset legend="Who gets in">
      <Stack>
        <Radio.Group label="Contacts are enrolled" {...form.getInputProps("enrollment_type")}>
          <Group mt="xs">
            <Radio value="automatic" label="By triggers, and by hand" />
            <Radio value="manual" label="By hand only" />
          </Group>
        </Radio.Group>
        <Group align="flex-end">
          <Switch
            label="A contact may come in again"
            {...form.getInputProps("allow_re_enrollment", { type: "checkbox" })}
          />
          <NumberInput
            label="Days after the last time"
            placeholder="0"
            min={0}
            disabled={!form.values.allow_re_enrollment}
            {...form.getInputProps("re_enrollment_delay_days")}
          />
        </Group>
        <NumberInput
          label="At most"
          description="How many enrollments this campaign ever takes. Empty: no limit."
          min={1}
          {...form.getInputProps("max_enrollments")}
        />
        <NumberInput
          label="Held out for comparison"
          description="So many percent get nothing, so that you see what the campaign brings about."
          min={0}
          max={100}
          suffix=" %"
          {...form.getInputProps("holdout_percent")}
        />
      </Stack>
    </Fieldset>
  );
}

/** When people may be reached. */
export function Calendar({ form }: { form: Form }) {
  const { timezone } = useSession().tenant;
  const { respect_business_hours: respect, holidays } = form.values;
  return (
    <Fieldset legend="When people are reached">
      <Stack>
        <Switch
          label="Only in business hours"
          description="E-mails, texts, tasks and notifications wait for the next opening. Texts never go out at night, whatever you choose."
          {...form.getInputProps("respect_business_hours", { type: "checkbox" })}
        />
        {respect && (
          <>
            <Group grow align="flex-start">
              <Hour form={form} which="start" label="From" />
              <Hour form={form} which="end" label="Until" />
              <Select
                label="On the clock of"
                allowDeselect={false}
                data={[
                  { value: "", label: `The company (${timezone})` },
                  { value: "contact", label: "The contact" },
                  ...(["", "contact"].includes(form.values.business_hours.timezone)
                    ? []
                    : [form.values.business_hours.timezone]),
                ]}
                {...form.getInputProps("business_hours.timezone")}
              />
            </Group>
            <Chip.Group multiple {...form.getInputProps("business_hours.days")}>
              <Input.Wrapper label="On" error={form.errors["business_hours.days"]}>
                <Group gap="xs" mt={4}>
                  {DAYS.map((day) => (
                    <Chip key={day} value={day} size="sm">
                      {day}
                    </Chip>
                  ))}
                </Group>
              </Input.Wrapper>
            </Chip.Group>
          </>
        )}
        <Radio.Group
          label="Holidays, on which nobody is reached"
          {...form.getInputProps("holidays")}
        >
          <Group mt="xs">
            <Radio value="none" label="None" />
            <Radio value="us_federal" label="US federal holidays" />
            <Radio value="own" label="Your own days" />
          </Group>
        </Radio.Group>
        {holidays === "own" && (
          <DatePickerInput
            type="multiple"
            label="Your holidays"
            placeholder="Choose days"
            {...CALENDAR}
            {...form.getInputProps("own_holidays")}
          />
        )}
      </Stack>
    </Fieldset>
  );
}

function Hour({ form, which, label }: { form: Form; which: "start" | "end"; label: string }) {
  const field = `business_hours.${which}` as const;
  return (
    <Select
      label={label}
      data={HALF_HOURS}
      allowDeselect={false}
      searchable
      value={String(form.values.business_hours[which])}
      onChange={(hour) => form.setFieldValue(field, Number(hour))}
      error={form.errors[field]}
    />
  );
}

/** What ends an enrollment early, and what a pause does. */
export function Ends({ form }: { form: Form }) {
  return (
    <Fieldset legend="When it ends, and when it pauses">
      <Stack>
        <Checkbox
          label="Whoever replies leaves the campaign"
          description="A person should answer them now."
          {...form.getInputProps("exit_on_reply", { type: "checkbox" })}
        />
        <TagsInput
          label="Whoever enters one of these stages leaves the campaign"
          placeholder={form.values.exit_on_stages.length ? "" : "won, lost …"}
          {...form.getInputProps("exit_on_stages")}
        />
        <Radio.Group
          label="After a pause, what came due meanwhile"
          {...form.getInputProps("on_resume")}
        >
          <Stack gap={6} mt="xs">
            <Radio value="send" label="goes out, spread over time" />
            <Radio value="shift" label="is due later, by the length of the pause" />
            <Radio value="skip" label="is skipped" />
          </Stack>
        </Radio.Group>
        <NumberInput
          label="Priority"
          description="Which campaign goes first where a contact may get only so many messages a day."
          {...form.getInputProps("priority")}
        />
        <Text size="sm" c="dimmed">
          Whoever unsubscribes always leaves, at once.
        </Text>
      </Stack>
    </Fieldset>
  );
}
