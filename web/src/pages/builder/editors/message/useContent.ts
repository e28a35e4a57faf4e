import { api } from "@/api/client";
import { type Config, textOf } from "../stepValues";
import type { StepForm } from "../useStepForm";
import { variantsOf, withVariant } from "./variants";

/** The content that is edited: the message's own, or a version's, which says what it has of its own. */
export interface Content {
  text: (name: string) => string;
  /** What all versions share, of that name. */
  shared: (name: string) => string;
  change: (changes: Config) => void;
  errorAt: (name: string) => string | undefined;
}

export function useContent(form: StepForm, version: number): Content {
  const config = form.values.step_config;
  const template = useTemplate(textOf(config, "template_id"));
  const base: Config = template
    ? {
        subject: template.subject,
        html: template.html,
        [template.html || template.subject ? "text" : "body"]: template.body,
      }
    : config;
  const variant = variantsOf(config)[version];
  const shared = (name: string) => textOf(base, name);
  if (!variant)
    return {
      text: (name) => textOf(config, name),
      shared,
      change: form.configure,
      errorAt: (name) => form.errorAt(`step_config.${name}`),
    };
  return {
    text: (name) => (name in variant ? textOf(variant, name) : shared(name)),
    shared,
    change: (changes) => form.replace(withVariant(config, version, changes)),
    errorAt: (name) => form.errorAt(`step_config.variants.${version}.${name}`),
  };
}

export function useTemplates(channel: "email" | "sms") {
  const { data } = api.useQuery("get", "/api/message-templates", {
    params: { query: { limit: 200 } },
  });
  return (data?.message_templates ?? []).filter((template) => template.channel === channel);
}

function useTemplate(templateId: string) {
  const { data } = api.useQuery(
    "get",
    "/api/message-templates",
    { params: { query: { limit: 200 } } },
    { enabled: templateId !== "" },
  );
  return data?.message_templates.find(({ id }) => id === templateId);
}
