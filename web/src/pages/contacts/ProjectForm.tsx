import { Autocomplete, Button, Group, NumberInput, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { api } from "@/api/client";
import type { Project } from "@/api/types";
import { useSuggestions } from "@/conditions/useSuggestions";
import { confirm } from "@/ui/confirm";
import { showDone, showProblem } from "@/ui/forms";

interface Props {
  contactId: string;
  /** None: a new one. */
  project?: Project;
  onDone: () => void;
}

/** All that may be set of a project. */
export function ProjectForm({ contactId, project, onDone }: Props) {
  const stages = useSuggestions("project.stage");
  const form = useForm({
    initialValues: {
      name: project?.name ?? "",
      stage: project?.stage ?? "",
      estimate_amount: project?.estimate_amount ?? "",
      monthly_payment: project?.monthly_payment ?? "",
    },
  });
  const told = {
    onSuccess: () => {
      showDone("The project is saved.");
      onDone();
    },
    onError: (error: unknown) => showProblem(error, form),
  };
  const create = api.useMutation("post", "/api/projects", told);
  const change = api.useMutation("patch", "/api/projects/{project_id}", told);

  function save(values: typeof form.values) {
    const body = {
      name: values.name.trim() || null,
      stage: values.stage.trim() || null,
      estimate_amount: amountOf(values.estimate_amount),
      monthly_payment: amountOf(values.monthly_payment),
    };
    if (project) change.mutate({ params: { path: { project_id: project.id } }, body });
    else create.mutate({ body: { contact_id: contactId, ...body } });
  }

  const money = {
    prefix: "$",
    thousandSeparator: ",",
    decimalScale: 2,
    min: 0,
    hideControls: true,
  };
  return (
    <form onSubmit={form.onSubmit(save)} noValidate>
      <Stack>
        <TextInput
          label="Name"
          placeholder="Roof replacement"
          data-autofocus
          {...form.getInputProps("name")}
        />
        <Autocomplete
          label="Stage"
          placeholder="Estimate sent"
          data={stages}
          {...form.getInputProps("stage")}
        />
        <NumberInput label="Estimate" {...money} {...form.getInputProps("estimate_amount")} />
        <NumberInput
          label="Monthly payment"
          description="What it would cost a month if it is financed"
          {...money}
          {...form.getInputProps("monthly_payment")}
        />
        <Group justify="space-between">
          {project ? <Delete project={project} onDone={onDone} /> : <span />}
          <Button type="submit" loading={create.isPending || change.isPending}>
            {project ? "Save" : "Add project"}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Delete({ project, onDone }: { project: Project; onDone: () => void }) {
  const remove = api.useMutation("delete", "/api/projects/{project_id}", {
    onSuccess: () => {
      showDone("The project is deleted.");
      onDone();
    },
    onError: (error) => showProblem(error),
  });
  async function ask() {
    const yes = await confirm({
      title: `Delete ${project.name ?? "the project"}?`,
      says: "It cannot be brought back. Enrollments that speak of it go on with what else is known.",
      yes: "Delete",
      danger: true,
    });
    if (yes) remove.mutate({ params: { path: { project_id: project.id } } });
  }
  return (
    <Button variant="subtle" color="red" c="red.9" loading={remove.isPending} onClick={ask}>
      Delete
    </Button>
  );
}

function amountOf(typed: string | number): string | null {
  return typed === "" ? null : String(typed);
}
