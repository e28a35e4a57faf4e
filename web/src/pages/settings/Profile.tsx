import { Button, Fieldset, Group, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconLogout } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { api } from "@/api/client";
import { ROLES } from "@/format/words";
import { signOut, useSession } from "@/session/session";
import { showDone, showProblem } from "@/ui/forms";
import { NewPassword } from "@/ui/NewPassword";
import { Section } from "./Section";

export function Profile() {
  const { user, tenant, role } = useSession();
  const navigate = useNavigate();
  return (
    <Section
      title="Your profile"
      says={`${ROLES[role]} of ${tenant.name}. You sign in as ${user.email}; an admin can change that.`}
      actions={
        <Button
          variant="default"
          leftSection={<IconLogout size={16} />}
          onClick={() => signOut(() => navigate({ to: "/sign-in" }))}
        >
          Sign out
        </Button>
      }
    >
      <Stack maw={560}>
        <Details />
        <Password />
      </Stack>
    </Section>
  );
}

function Details() {
  const { user } = useSession();
  const form = useForm({ initialValues: { name: user.name, phone: user.phone ?? "" } });
  const save = api.useMutation("patch", "/api/me", {
    onSuccess: (me) => {
      form.setInitialValues({ name: me.user.name, phone: me.user.phone ?? "" });
      form.reset();
      showDone("Your profile is saved.");
    },
    onError: (error) => showProblem(error, form),
  });
  return (
    <form
      aria-label="About you"
      onSubmit={form.onSubmit(({ name, phone }) =>
        save.mutate({ body: { name, phone: phone.trim() || null } }),
      )}
    >
      <Fieldset legend="About you">
        <Stack>
          <TextInput
            label="Name"
            description="Stands under messages to the contacts that you look after."
            required
            maxLength={255}
            autoComplete="name"
            {...form.getInputProps("name")}
          />
          <TextInput
            label="Phone"
            description="Messages can name it, so that they can call you."
            type="tel"
            autoComplete="tel"
            {...form.getInputProps("phone")}
          />
          <Group>
            <Button type="submit" loading={save.isPending} disabled={!form.isDirty()}>
              Save
            </Button>
          </Group>
        </Stack>
      </Fieldset>
    </form>
  );
}

function Password() {
  const form = useForm({ initialValues: { current_password: "", password: "" } });
  const save = api.useMutation("patch", "/api/me", {
    onSuccess: () => {
      form.reset();
      showDone("Your password is changed. Wherever else you were signed in, you are not any more.");
    },
    onError: (error) => showProblem(error, form),
  });
  return (
    <form aria-label="Password" onSubmit={form.onSubmit((body) => save.mutate({ body }))}>
      <Fieldset legend="Password">
        <Stack>
          <Text size="sm" c="dimmed">
            A new one signs you out everywhere but here.
          </Text>
          <PasswordInput
            label="Current password"
            required
            autoComplete="current-password"
            {...form.getInputProps("current_password")}
          />
          <NewPassword label="New password" required {...form.getInputProps("password")} />
          <Group>
            <Button type="submit" loading={save.isPending} disabled={!form.isDirty()}>
              Change password
            </Button>
          </Group>
        </Stack>
      </Fieldset>
    </form>
  );
}
