import { Select } from "@mantine/core";
import { confirm } from "@/ui/confirm";
import { type Config, textOf } from "../stepValues";
import type { StepForm } from "../useStepForm";
import { useTemplates } from "./useContent";

interface Props {
  form: StepForm;
  channel: "email" | "sms";
  /** The content of the message itself. */
  said: readonly string[];
}

/** Whether the content is written here or comes from a message template. */
export function TemplateSelect({ form, channel, said }: Props) {
  const config = form.values.step_config;
  const templates = useTemplates(channel);
  const chosen = textOf(config, "template_id");
  if (templates.length === 0 && !chosen) return null;

  const choose = async (id: string | null) => {
    const nothing: Config = Object.fromEntries(said.map((name) => [name, undefined]));
    if (id) {
      const isWritten = said.some((name) => textOf(config, name));
      if (isWritten && !(await agree())) return;
      form.configure({ ...nothing, template_id: id });
    } else {
      const old = templates.find((template) => template.id === chosen);
      const copied: Config = !old
        ? {}
        : channel === "sms"
          ? { body: old.body }
          : { subject: old.subject ?? "", html: old.html ?? "", text: old.body ?? "" };
      form.configure({ ...nothing, ...copied, template_id: undefined });
    }
  };
  return (
    <Select
      label="Message template"
      description={
        chosen
          ? "Whoever changes it changes this step too. Clear it to go on from its content here."
          : "In place of content that is written here"
      }
      placeholder="None: written here"
      clearable
      searchable
      data={templates.map(({ id, name }) => ({ value: id, label: name }))}
      value={chosen || null}
      onChange={choose}
      error={form.errorAt("step_config.template_id")}
    />
  );
}

function agree(): Promise<boolean> {
  return confirm({
    title: "Use the template?",
    says: "What is written here is replaced by it.",
    yes: "Use it",
  });
}
