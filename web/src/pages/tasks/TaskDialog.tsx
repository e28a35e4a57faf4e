import { Autocomplete, Button, Group, Modal, SimpleGrid, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { api } from "@/api/client";
import type { Task } from "@/api/types";
import { PRIORITIES } from "@/format/words";
import { cityOf, momentOf, wallOf } from "@/format/zones";
import { useSession } from "@/session/session";
import { ContactPicker } from "@/ui/ContactPicker";
import { showDone, showProblem } from "@/ui/forms";
import { UserSelect } from "@/ui/UserSelect";

interface Props {
  edited: Task | "new" | null;
  /** Whom a new one is about. */
  contactId?: string;
  onClose: () => void;
}

/** A new task, or one that is there. */
export function TaskDialog({ edited, contactId, onClose }: Props) {
  return (
    <Modal
      opened={edited !== null}
      onClose={onClose}
      title={edited === "new" ? "New task" : "Edit the task"}
      size="lg"
    >
      {edited && (
        <TaskForm
          {...(edited !== "new" && { task: edited })}
          {...(contactId && { contactId })}
          onDone={onClose}
        />
      )}
    </Modal>
  );
}

interface FormProps {
  task?: Task;
  contactId?: string;
  onDone: () => void;
}

function TaskForm({ task, contactId, onDone }: FormProps) {
  const { user, tenant } = useSession();
  const form = useForm({
    initialValues: {
      title: task?.title ?? "",
      description: task?.description ?? "",
      contact_id: task ? task.contact_id : (contactId ?? null),
      assigned_to: task ? task.assigned_to : user.id,
      due_at: task?.due_at ? wallOf(task.due_at, tenant.timezone) : "",
      priority: task?.priority ?? "",
    },
  });
  const told = {
    onSuccess: () => {
      showDone("The task is saved.");
      onDone();
    },
    onError: (error: unknown) => showProblem(error, form),
  };
  const create = api.useMutation("post", "/api/tasks", told);
  const change = api.useMutation("patch", "/api/tasks/{task_id}", told);

  function save({ due_at, ...values }: typeof form.values) {
    const body = {
      ...values,
      title: values.title.trim(),
      description: values.description.trim() || null,
      priority: values.priority.trim() || null,
      // The field knows no seconds: what nobody touched stays as it is.
      ...(form.isDirty("due_at") && { due_at: due_at ? momentOf(due_at, tenant.timezone) : null }),
    };
    if (task) change.mutate({ params: { path: { task_id: task.id } }, body });
    else create.mutate({ body });
  }

  return (
    <form onSubmit={form.onSubmit(save)}>
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <TextInput
          label="What is to be done"
          required
          placeholder="Call about the inspection"
          data-autofocus
          style={WIDE}
          {...form.getInputProps("title")}
        />
        <Textarea
          label="Notes"
          autosize
          minRows={2}
          maxRows={8}
          style={WIDE}
          {...form.getInputProps("description")}
        />
        {!contactId && (
          <ContactPicker
            label="Contact"
            {...form.getInputProps("contact_id")}
            value={form.values.contact_id}
          />
        )}
        <UserSelect
          label="Assigned to"
          placeholder="Nobody"
          {...form.getInputProps("assigned_to")}
          value={form.values.assigned_to}
        />
        <TextInput
          type="datetime-local"
          label={`Due, ${cityOf(tenant.timezone)} time`}
          {...form.getInputProps("due_at")}
        />
        <Autocomplete
          label="Priority"
          placeholder="Normal"
          data={PRIORITIES}
          {...form.getInputProps("priority")}
        />
      </SimpleGrid>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onDone}>
          Cancel
        </Button>
        <Button type="submit" loading={create.isPending || change.isPending}>
          {task ? "Save" : "Add task"}
        </Button>
      </Group>
    </form>
  );
}

const WIDE = { gridColumn: "1 / -1" };
