import { Button, Group, Radio, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { api, problemOf } from "@/api/client";
import type { Role, User } from "@/api/types";
import { choices, ROLES } from "@/format/words";
import { useSession } from "@/session/session";
import { confirm } from "@/ui/confirm";
import { showDone, showProblem } from "@/ui/forms";

const MAY: Record<Role, string> = {
  admin: "Everything: builds campaigns, invites users, changes the settings.",
  manager: "What staff may, and pauses campaigns and acts on many contacts at once.",
  staff: "Enrolls contacts, writes to them, does the tasks.",
};

/** Invites a user, or changes one. */
export function UserForm({ user, onDone }: { user: User | undefined; onDone: () => void }) {
  const { user: self } = useSession();
  const form = useForm({
    initialValues: {
      name: user?.name ?? "",
      email: user?.email ?? "",
      phone: user?.phone ?? "",
      role: user?.role ?? "staff",
    },
  });
  const onError = (error: unknown) =>
    problemOf(error).code === "already_exists"
      ? form.setFieldError("email", "Another user has this address.")
      : showProblem(error, form);
  const invite = api.useMutation("post", "/api/users", {
    onSuccess: (answer) => {
      showDone(`An invitation is on its way to ${answer.user.email}.`);
      onDone();
    },
    onError,
  });
  const change = api.useMutation("patch", "/api/users/{user_id}", {
    onSuccess: (answer) => {
      showDone(`${answer.user.name} is saved.`);
      onDone();
    },
    onError,
  });
  async function save(values: typeof form.values) {
    const body = { ...values, phone: values.phone.trim() || null };
    if (!user) return invite.mutate({ body: { ...body, invite: true } });
    const givesUp = user.id === self.id && user.role === "admin" && values.role !== "admin";
    if (givesUp && !(await mayGiveUp())) return;
    change.mutate({ params: { path: { user_id: user.id } }, body });
  }
  return (
    <form onSubmit={form.onSubmit(save)}>
      <Stack>
        <TextInput
          label="Name"
          required
          maxLength={255}
          data-autofocus
          autoComplete="off"
          {...form.getInputProps("name")}
        />
        <TextInput
          label="E-mail"
          description={
            user
              ? "They sign in with it."
              : "We send a link there to choose a password by; it is valid for 7 days."
          }
          type="email"
          required
          autoComplete="off"
          {...form.getInputProps("email")}
        />
        <TextInput
          label="Phone"
          description="Messages can name it for those who work with this user."
          type="tel"
          autoComplete="off"
          {...form.getInputProps("phone")}
        />
        <Radio.Group label="Role" {...form.getInputProps("role")}>
          <Stack gap="xs" mt="xs">
            {choices(ROLES).map(({ value, label }) => (
              <Radio key={value} value={value} label={label} description={MAY[value]} />
            ))}
          </Stack>
        </Radio.Group>
        <Group justify="flex-end">
          <Button variant="default" onClick={onDone}>
            Cancel
          </Button>
          <Button type="submit" loading={invite.isPending || change.isPending}>
            {user ? "Save" : "Send the invitation"}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function mayGiveUp(): Promise<boolean> {
  return confirm({
    title: "Give up being an admin?",
    says: "Only another admin can make you one again.",
    yes: "Give it up",
    danger: true,
  });
}
