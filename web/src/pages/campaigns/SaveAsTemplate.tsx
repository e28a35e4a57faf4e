import { Autocomplete, Button, Group, Select, Stack, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { modals } from "@mantine/modals";
import { api } from "@/api/client";
import type { Campaign } from "@/api/types";
import { TEMPLATE_CATEGORIES } from "@/format/words";
import { showDone, showProblem } from "@/ui/forms";

/** Saves what a campaign is made of: as a new template, or as the next version of one of the company's own. */
export function SaveAsTemplate({ campaign }: { campaign: Campaign }) {
  const { data } = api.useQuery("get", "/api/campaign-templates", {
    params: { query: { limit: 200 } },
  });
  const own = (data?.templates ?? []).filter((template) => !template.is_builtin);
  const form = useForm({
    initialValues: {
      template_id: "",
      name: campaign.name,
      category: "follow_up",
      description: campaign.description ?? "",
    },
  });
  const done = (said: string) => () => {
    modals.closeAll();
    showDone(said);
  };
  const onError = (error: unknown) => showProblem(error, form);
  const create = api.useMutation("post", "/api/campaign-templates", {
    onSuccess: done("The template is saved."),
    onError,
  });
  const write = api.useMutation("put", "/api/campaign-templates/{campaign_template_id}", {
    onSuccess: done("The new version is saved; the earlier ones stay."),
    onError,
  });

  function choose(templateId: string | null) {
    const chosen = own.find((template) => template.id === templateId);
    form.setValues({
      template_id: templateId ?? "",
      ...(chosen && {
        name: chosen.name,
        category: chosen.category,
        description: chosen.description ?? "",
      }),
    });
  }
  function save({ template_id, description, ...values }: typeof form.values) {
    const body = { ...values, description: description || null, campaign_id: campaign.id };
    if (template_id)
      write.mutate({ params: { path: { campaign_template_id: template_id } }, body });
    else create.mutate({ body });
  }

  return (
    <form onSubmit={form.onSubmit(save)}>
      <Stack>
        {own.length > 0 && (
          <Select
            label="Save as"
            data={[
              { value: "", label: "A new template" },
              ...own.map(({ id, name }) => ({ value: id, label: `A new version of ${name}` })),
            ]}
            allowDeselect={false}
            value={form.values.template_id}
            onChange={choose}
          />
        )}
        <TextInput label="Name" required {...form.getInputProps("name")} />
        <Autocomplete
          label="Category"
          required
          data={Object.keys(TEMPLATE_CATEGORIES)}
          renderOption={({ option }) => TEMPLATE_CATEGORIES[option.value] ?? option.value}
          {...form.getInputProps("category")}
        />
        <Textarea label="Description" autosize minRows={2} {...form.getInputProps("description")} />
        <Group justify="flex-end">
          <Button variant="default" onClick={() => modals.closeAll()}>
            Cancel
          </Button>
          <Button type="submit" loading={create.isPending || write.isPending}>
            Save template
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
