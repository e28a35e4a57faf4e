import { Autocomplete, Group, Input, NumberInput, Select, SimpleGrid, Stack } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useState } from "react";
import { ConditionsEditor } from "@/conditions/ConditionsEditor";
import { fieldChoices } from "@/conditions/fields";
import { useSuggestions } from "@/conditions/useSuggestions";
import { useVocabulary } from "@/conditions/useVocabulary";
import type { Vocabulary } from "@/format/names";
import { choices, DELAY_UNITS } from "@/format/words";
import { EventSelect } from "@/ui/EventSelect";
import type { TriggerForm } from "./triggerForm";

export type Form = UseFormReturnType<TriggerForm>;

/** What must happen, by the type of the trigger. */
export function CauseFields({ form }: { form: Form }) {
  switch (form.values.trigger_type) {
    case "stage_change":
      return <StageFields form={form} />;
    case "event":
      return <EventFields form={form} />;
    case "time_based":
      return <DateFields form={form} />;
  }
}

/** Conditions in a form, with the API's errors at their places. */
export function FormConditions(props: {
  form: Form;
  name: "event_filters" | "enrollment_conditions" | "exclusion_conditions";
  label: string;
  emptySays: string;
  scopes: readonly ("contact" | "project" | "custom" | "event")[];
}) {
  const { form, name, label, emptySays, scopes } = props;
  return (
    <Input.Wrapper label={label} labelElement="div">
      <Stack mt={4}>
        <ConditionsEditor
          value={form.values[name]}
          onChange={(conditions) => {
            form.clearErrors();
            form.setFieldValue(name, conditions);
          }}
          emptySays={emptySays}
          scopes={scopes}
          errorAt={(place) => form.errors[[name, place].filter(Boolean).join(".")]?.toString()}
        />
      </Stack>
    </Input.Wrapper>
  );
}

function StageFields({ form }: { form: Form }) {
  const stages = useSuggestions(`${form.values.entity_type}.stage`);
  return (
    <SimpleGrid cols={{ base: 1, xs: 3 }}>
      <Select
        label="Whose stage"
        allowDeselect={false}
        data={[
          { value: "contact", label: "The contact’s" },
          { value: "project", label: "A project’s" },
        ]}
        {...form.getInputProps("entity_type")}
      />
      <Autocomplete
        label="Changes from"
        placeholder="Any stage"
        data={stages}
        {...form.getInputProps("from_stage")}
      />
      <Autocomplete
        label="To"
        placeholder="estimate sent"
        withAsterisk
        data={stages}
        {...form.getInputProps("to_stage")}
      />
    </SimpleGrid>
  );
}

function EventFields({ form }: { form: Form }) {
  const event = form.getInputProps("event_name");
  return (
    <Stack>
      <EventSelect
        label="Event"
        description="What the system notices by itself, or what your other systems send by the API."
        value={form.values.event_name}
        onChange={event.onChange}
        error={event.error}
      />
      <FormConditions
        form={form}
        name="event_filters"
        label="Which of them"
        emptySays="Every event of that name."
        scopes={["event"]}
      />
    </Stack>
  );
}

function DateFields({ form }: { form: Form }) {
  const vocabulary = useVocabulary();
  const [typed, setTyped] = useState("");
  const { relative_to } = form.values;
  return (
    <Group align="flex-start" gap="sm">
      <NumberInput label="Length" min={0} w={90} {...form.getInputProps("delay_value")} />
      <Select
        label="Unit"
        allowDeselect={false}
        data={choices(DELAY_UNITS)}
        w={120}
        {...form.getInputProps("delay_unit")}
      />
      <Select
        label="Before or after"
        allowDeselect={false}
        data={["after", "before"]}
        w={120}
        {...form.getInputProps("direction")}
      />
      <Select
        label="Date"
        description="Type the name of a custom field that is not listed."
        inputWrapperOrder={["label", "input", "description", "error"]}
        searchable
        allowDeselect={false}
        flex="1 1 200px"
        nothingFoundMessage="No such date"
        data={
          vocabulary
            ? fieldChoices(
                datesOf(vocabulary),
                ["contact", "project", "custom"],
                relative_to,
                typed,
              )
            : []
        }
        onSearchChange={setTyped}
        {...form.getInputProps("relative_to")}
      />
    </Group>
  );
}

/** Dates of contacts and projects; a custom field may hold one. */
function datesOf(vocabulary: Vocabulary): Vocabulary {
  return {
    ...vocabulary,
    fields: vocabulary.fields.filter(
      ({ name, type }) => type === "datetime" || (type === "any" && /\bcustom\./.test(name)),
    ),
  };
}
