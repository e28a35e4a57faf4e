import { Autocomplete, NumberInput, SimpleGrid, Stack } from "@mantine/core";
import { PRIORITIES } from "@/format/words";
import { UserSelect } from "@/ui/UserSelect";
import type { FieldsProps } from "../StepFields";
import { numberOf, textOf } from "../stepValues";
import { TemplateArea, TemplateInput } from "../text/TemplateInput";

const KINDS = ["call", "visit", "email", "follow_up", "inspection", "estimate", "meeting", "other"];

export function TaskFields({ form }: FieldsProps) {
  const { configure, errorAt } = form;
  const config = form.values.step_config;
  return (
    <Stack gap="md">
      <TemplateInput
        label="Title"
        required
        placeholder="Call {{ contact_name }}"
        value={textOf(config, "title")}
        onChange={(title) => configure({ title })}
        error={errorAt("step_config.title")}
      />
      <TemplateArea
        label="Description"
        value={textOf(config, "description")}
        onChange={(description) => configure({ description })}
        error={errorAt("step_config.description")}
      />
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <Autocomplete
          label="Kind of task"
          description="One of these, or your own"
          withAsterisk
          data={KINDS}
          value={textOf(config, "task_type")}
          onChange={(task_type) => configure({ task_type })}
          error={errorAt("step_config.task_type")}
        />
        <Autocomplete
          label="Priority"
          description="One of these, or your own"
          data={PRIORITIES}
          value={textOf(config, "priority")}
          onChange={(priority) => configure({ priority })}
          error={errorAt("step_config.priority")}
        />
        <NumberInput
          label="Due in"
          description="Days after it is made"
          suffix={config.due_in_days === 1 ? " day" : " days"}
          min={0}
          max={3650}
          allowDecimal={false}
          value={numberOf(config, "due_in_days")}
          onChange={(value) => configure({ due_in_days: value })}
          error={errorAt("step_config.due_in_days")}
        />
        <UserSelect
          label="Assigned to"
          description="Else to the contact's own user"
          placeholder="The contact's user"
          value={textOf(config, "assigned_to") || null}
          onChange={(assigned_to) => configure({ assigned_to: assigned_to ?? undefined })}
          error={errorAt("step_config.assigned_to")}
        />
      </SimpleGrid>
    </Stack>
  );
}
