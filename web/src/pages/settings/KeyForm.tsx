import { Button, Group, Select, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { api, type Schemas } from "@/api/client";
import type { Role } from "@/api/types";
import { choices, ROLES } from "@/format/words";
import { useSession } from "@/session/session";
import { CopyButton } from "@/ui/CopyButton";
import { showProblem } from "@/ui/forms";
import { UserSelect } from "@/ui/UserSelect";

interface Props {
  onMade: (key: Schemas["NewApiKey"]) => void;
  onCancel: () => void;
}

export function KeyForm({ onMade, onCancel }: Props) {
  const { user } = useSession();
  const form = useForm<{ name: string; role: Role; user_id: string | null }>({
    initialValues: { name: "", role: "staff", user_id: user.id },
  });
  const make = api.useMutation("post", "/api/api-keys", {
    onSuccess: ({ api_key }) => onMade(api_key),
    onError: (error) => showProblem(error, form),
  });
  return (
    <form onSubmit={form.onSubmit((body) => make.mutate({ body }))}>
      <Stack>
        <TextInput
          label="Name"
          description="The program that uses it, so that you know which one you revoke."
          placeholder="CRM"
          required
          maxLength={255}
          data-autofocus
          autoComplete="off"
          {...form.getInputProps("name")}
        />
        <Select
          label="Role"
          description="What the key may do. Staff is enough to enroll contacts and send events."
          data={choices(ROLES)}
          allowDeselect={false}
          {...form.getInputProps("role")}
        />
        <UserSelect
          label="Acts as"
          description="Whose name stands by what it does. If the user is deactivated, the key stops."
          placeholder="You"
          value={form.values.user_id}
          onChange={(userId) => form.setFieldValue("user_id", userId)}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" loading={make.isPending}>
            Make the key
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** A key at the only time that it is shown. */
export function NewKey({ apiKey, onDone }: { apiKey: string; onDone: () => void }) {
  return (
    <Stack>
      <Text size="sm">
        Copy it to where it is used. It is shown this once: if it is lost, revoke it and make
        another one.
      </Text>
      <Group align="flex-end" gap="xs">
        <TextInput
          label="API key"
          value={apiKey}
          readOnly
          data-autofocus
          onFocus={(event) => event.currentTarget.select()}
          styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
          style={{ flex: "1 1 240px" }}
        />
        <CopyButton value={apiKey} />
      </Group>
      <Group justify="flex-end">
        <Button onClick={onDone}>I have kept it</Button>
      </Group>
    </Stack>
  );
}
