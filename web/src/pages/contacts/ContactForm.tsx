import {
  Autocomplete,
  Button,
  Checkbox,
  Fieldset,
  Group,
  SimpleGrid,
  Stack,
  TagsInput,
  TextInput,
} from "@mantine/core";
import { type UseFormReturnType, useForm } from "@mantine/form";
import { api } from "@/api/client";
import type { Contact } from "@/api/types";
import { useSuggestions } from "@/conditions/useSuggestions";
import { nameOf } from "@/format/format";
import { showDone, showProblem } from "@/ui/forms";
import { UserSelect } from "@/ui/UserSelect";
import { ZoneSelect } from "@/ui/ZoneSelect";
import { CustomFields } from "./CustomFields";
import { type ContactValues, changesOf, NEW_CONTACT, valuesOf } from "./contactForm";

interface Props {
  /** None: a new one. */
  contact?: Contact;
  onDone: (contact: Contact) => void;
  onCancel: () => void;
}

/** All that may be set of a contact. */
export function ContactForm({ contact, onDone, onCancel }: Props) {
  const before = contact ? valuesOf(contact) : NEW_CONTACT;
  const form = useForm<ContactValues>({ initialValues: before });
  const told = {
    onSuccess: ({ contact }: { contact: Contact }) => {
      showDone(`${nameOf(contact)} is saved.`);
      onDone(contact);
    },
    onError: (error: unknown) => showProblem(error, form),
  };
  const create = api.useMutation("post", "/api/contacts", told);
  const change = api.useMutation("patch", "/api/contacts/{contact_id}", told);

  function save(values: ContactValues) {
    const body = changesOf(before, values);
    if (contact) change.mutate({ params: { path: { contact_id: contact.id } }, body });
    else create.mutate({ body });
  }

  return (
    <form onSubmit={form.onSubmit(save)} noValidate>
      <Stack>
        <Person form={form} />
        <Place form={form} />
        <Consent form={form} isNew={!contact} />
        <CustomFields
          value={form.values.custom}
          onChange={(custom) => form.setFieldValue("custom", custom)}
          errorAt={(name) => errorUnder(form, `custom.${name}`)}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" loading={create.isPending || change.isPending}>
            {contact ? "Save" : "Add contact"}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

type Form = UseFormReturnType<ContactValues>;

function Person({ form }: { form: Form }) {
  const stages = useSuggestions("contact.stage");
  const tags = useSuggestions("contact.tags");
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }}>
      <TextInput label="First name" data-autofocus {...form.getInputProps("first_name")} />
      <TextInput label="Last name" {...form.getInputProps("last_name")} />
      <TextInput label="E-mail" type="email" {...form.getInputProps("email")} />
      <TextInput
        label="Phone"
        type="tel"
        placeholder="(303) 555-0100"
        {...form.getInputProps("phone")}
      />
      <Autocomplete
        label="Stage"
        placeholder="Lead"
        data={stages}
        {...form.getInputProps("stage")}
      />
      <UserSelect
        label="Assigned to"
        placeholder="Nobody"
        {...form.getInputProps("assigned_to")}
        value={form.values.assigned_to}
      />
      <TagsInput
        label="Tags"
        placeholder={form.values.tags.length > 0 ? "" : "Type one and press Enter"}
        data={tags}
        acceptValueOnBlur
        {...form.getInputProps("tags")}
        error={errorUnder(form, "tags")}
        style={{ gridColumn: "1 / -1" }}
      />
    </SimpleGrid>
  );
}

function Place({ form }: { form: Form }) {
  return (
    <SimpleGrid cols={{ base: 1, xs: 3 }}>
      <TextInput label="State" placeholder="CO" {...form.getInputProps("state")} />
      <TextInput label="ZIP code" placeholder="80202" {...form.getInputProps("postal_code")} />
      <ZoneSelect
        label="Time zone"
        placeholder="By address or phone"
        {...form.getInputProps("timezone")}
        value={form.values.timezone}
      />
    </SimpleGrid>
  );
}

function Consent({ form, isNew }: { form: Form; isNew: boolean }) {
  const box = { type: "checkbox" } as const;
  return (
    <Fieldset legend="What the contact allows">
      <Stack gap="sm">
        <Checkbox
          label="Has agreed to texts"
          description="Nobody is texted without. It is noted with your name and the time."
          {...form.getInputProps("sms_consent", box)}
        />
        {!isNew && (
          <>
            <Checkbox
              label="Has opted out of e-mail"
              {...form.getInputProps("email_opt_out", box)}
            />
            <Checkbox label="Has opted out of texts" {...form.getInputProps("sms_opt_out", box)} />
          </>
        )}
      </Stack>
    </Fieldset>
  );
}

/** The error of a field, or the first of one inside it. */
function errorUnder(form: Form, field: string): string | undefined {
  const name = Object.keys(form.errors).find(
    (each) => each === field || each.startsWith(`${field}.`),
  );
  return name && String(form.errors[name]);
}
