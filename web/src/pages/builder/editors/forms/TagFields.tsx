import { Stack, TagsInput } from "@mantine/core";
import { useSuggestions } from "@/conditions/useSuggestions";
import type { FieldsProps } from "../StepFields";
import { textsOf } from "../stepValues";

export function TagFields({ form }: FieldsProps) {
  const { configure, errorAt } = form;
  const config = form.values.step_config;
  const suggestions = useSuggestions("contact.tags");
  return (
    <Stack gap="md">
      {(["add", "remove"] as const).map((name) => {
        const tags = textsOf(config, name);
        return (
          <TagsInput
            key={name}
            label={name === "add" ? "Add these tags" : "Remove these tags"}
            placeholder={tags.length > 0 ? "" : "Type a tag, press Enter"}
            data={suggestions}
            acceptValueOnBlur
            value={tags}
            onChange={(changed) => configure({ [name]: changed })}
            error={
              errorAt(`step_config.${name}`) ??
              tags.map((_, at) => errorAt(`step_config.${name}.${at}`)).find(Boolean)
            }
          />
        );
      })}
    </Stack>
  );
}
