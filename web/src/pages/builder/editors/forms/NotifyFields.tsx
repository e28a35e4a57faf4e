import { Checkbox, MultiSelect, Select, Stack } from "@mantine/core";
import { useUserChoices } from "@/ui/UserSelect";
import type { FieldsProps } from "../StepFields";
import { textOf, textsOf } from "../stepValues";
import { TemplateArea, TemplateInput } from "../text/TemplateInput";

const ROLES = [
  { value: "admin", label: "All admins" },
  { value: "manager", label: "All managers" },
  { value: "staff", label: "All staff" },
];

export function NotifyFields({ form }: FieldsProps) {
  const { configure, errorAt } = form;
  const config = form.values.step_config;
  const users = textsOf(config, "user_ids");
  return (
    <Stack gap="md">
      <Checkbox
        label="The user to whom the contact is assigned"
        checked={config.assignee === true}
        onChange={(event) => configure({ assignee: event.currentTarget.checked || undefined })}
      />
      <MultiSelect
        label="These users"
        searchable
        clearable
        placeholder={users.length > 0 ? "" : "Nobody by name"}
        data={useUserChoices()}
        value={users}
        onChange={(user_ids) => configure({ user_ids })}
        error={
          errorAt("step_config.user_ids") ??
          users.map((_, at) => errorAt(`step_config.user_ids.${at}`)).find(Boolean)
        }
      />
      <Select
        label="Everybody of a role"
        clearable
        placeholder="No role"
        data={ROLES}
        value={textOf(config, "role") || null}
        onChange={(role) => configure({ role: role ?? undefined })}
        error={errorAt("step_config.role")}
      />
      <TemplateInput
        label="Title"
        required
        placeholder="{{ contact_name }} is ready for a call"
        value={textOf(config, "title")}
        onChange={(title) => configure({ title })}
        error={errorAt("step_config.title")}
      />
      <TemplateArea
        label="Message"
        required
        value={textOf(config, "message")}
        onChange={(message) => configure({ message })}
        error={errorAt("step_config.message")}
      />
    </Stack>
  );
}
