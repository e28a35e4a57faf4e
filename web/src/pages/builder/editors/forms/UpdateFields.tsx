import { Select, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useVocabulary } from "@/conditions/useVocabulary";
import { readable } from "@/format/names";
import type { FieldsProps } from "../StepFields";
import { textOf } from "../stepValues";
import { NewValue } from "./NewValue";

/** What a step may write, besides custom fields (`domain/fields.py`). */
const CONTACT = [
  "first_name",
  "last_name",
  "email",
  "phone",
  "stage",
  "timezone",
  "state",
  "postal_code",
  "assigned_to",
];
const PROJECT = ["name", "stage", "estimate_amount", "monthly_payment"];
const KEY = /^[\w -]{1,100}$/;

/** A field, as `contact.stage` or `project.custom.roof`, and what it becomes. */
export function UpdateFields({ form }: FieldsProps) {
  const { errorAt } = form;
  const config = form.values.step_config;
  const [typed, setTyped] = useState("");
  const vocabulary = useVocabulary();
  const name = `${textOf(config, "entity")}.${textOf(config, "field")}`;

  const labelOf = (each: string) =>
    vocabulary?.fields.find((field) => field.name === each.replace(/^contact\.custom\./, "custom."))
      ?.label ?? readable(each);
  const custom = (entity: string, scope: string) => {
    const known = (vocabulary?.fields ?? [])
      .filter((field) => field.name.startsWith(scope))
      .map((field) => `${entity}.custom.${field.name.slice(scope.length)}`);
    const key = typed.trim();
    const isNew =
      KEY.test(key) && !known.some((each) => labelOf(each).toLowerCase() === key.toLowerCase());
    const chosen = name.startsWith(`${entity}.custom.`) ? [name] : [];
    return [...new Set([...known, ...chosen, ...(isNew ? [`${entity}.custom.${key}`] : [])])];
  };
  const choices = (names: string[]) => names.map((value) => ({ value, label: labelOf(value) }));
  return (
    <Stack gap="md">
      <Select
        label="Field"
        description="Or type the name of a new custom field"
        withAsterisk
        searchable
        allowDeselect={false}
        onSearchChange={setTyped}
        data={[
          { group: "Contact", items: choices(CONTACT.map((each) => `contact.${each}`)) },
          { group: "Custom fields of the contact", items: choices(custom("contact", "custom.")) },
          { group: "Project", items: choices(PROJECT.map((each) => `project.${each}`)) },
          {
            group: "Custom fields of the project",
            items: choices(custom("project", "project.custom.")),
          },
        ]}
        value={name}
        onChange={(chosen) => {
          if (!chosen) return;
          const [entity = "contact", ...rest] = chosen.split(".");
          form.replace({ ...config, entity, field: rest.join("."), value: "" });
        }}
        error={errorAt("step_config.field") ?? errorAt("step_config.entity")}
      />
      <NewValue
        name={name}
        value={config.value}
        onChange={(value) => form.replace({ ...config, value })}
        error={errorAt("step_config.value")}
      />
      {(config.value === "" || config.value === null) && name !== "project.name" && (
        <Text size="sm" c="dimmed">
          Left empty, the step clears the field.
        </Text>
      )}
    </Stack>
  );
}
