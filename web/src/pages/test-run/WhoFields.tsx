import {
  Autocomplete,
  Checkbox,
  Group,
  Input,
  SegmentedControl,
  Select,
  Stack,
  TagsInput,
  TextInput,
} from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useSuggestions } from "@/conditions/useSuggestions";
import { cityOf, US_ZONES } from "@/format/zones";
import { useSession } from "@/session/session";
import { ContactPicker } from "@/ui/ContactPicker";
import type { RunForm } from "./run";

type Form = UseFormReturnType<RunForm>;

/** A contact that is there, or one that is made up. */
export function WhoFields({ form }: { form: Form }) {
  const picker = form.getInputProps("contact_id");
  return (
    <Stack gap="sm">
      <Input.Wrapper label="Who walks through it" labelElement="div">
        <SegmentedControl
          fullWidth
          mt={4}
          aria-label="Who walks through it"
          data={[
            { value: "made_up", label: "Made up" },
            { value: "known", label: "A contact" },
          ]}
          {...form.getInputProps("who")}
        />
      </Input.Wrapper>
      {form.values.who === "known" ? (
        <ContactPicker
          label="Contact"
          description="Looked at only: nothing of the contact changes."
          value={form.values.contact_id}
          onChange={(id) => form.setFieldValue("contact_id", id)}
          error={picker.error}
        />
      ) : (
        <MadeUpFields form={form} />
      )}
    </Stack>
  );
}

function MadeUpFields({ form }: { form: Form }) {
  const { timezone } = useSession().tenant;
  const stages = useSuggestions("contact.stage");
  const tags = useSuggestions("contact.tags");
  return (
    <>
      <Group grow gap="xs" align="flex-start">
        <TextInput label="First name" {...form.getInputProps("contact.first_name")} />
        <TextInput label="Last name" {...form.getInputProps("contact.last_name")} />
      </Group>
      <TextInput label="E-mail" type="email" {...form.getInputProps("contact.email")} />
      <TextInput label="Phone" type="tel" {...form.getInputProps("contact.phone")} />
      <Checkbox
        label="Has agreed to texts"
        {...form.getInputProps("contact.sms_consent", { type: "checkbox" })}
      />
      <Autocomplete
        label="Stage"
        placeholder="None"
        data={stages}
        {...form.getInputProps("contact.stage")}
      />
      <TagsInput
        label="Tags"
        placeholder={form.values.contact.tags.length ? "" : "None"}
        data={tags}
        acceptValueOnBlur
        {...form.getInputProps("contact.tags")}
      />
      <Select
        label="Lives in the zone"
        placeholder={`By phone and ZIP code, else ${cityOf(timezone)}`}
        clearable
        data={US_ZONES}
        {...form.getInputProps("contact.timezone")}
      />
    </>
  );
}
