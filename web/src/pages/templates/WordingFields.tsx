import { Stack, Text } from "@mantine/core";
import type { Step } from "@/api/types";
import { EmailBody } from "@/pages/builder/editors/message/EmailBody";
import { variantsOf } from "@/pages/builder/editors/message/variants";
import { type Config, textOf } from "@/pages/builder/editors/stepValues";
import { TemplateArea, TemplateInput } from "@/pages/builder/editors/text/TemplateInput";

interface Props {
  type: Step["step_type"];
  config: Config;
  onChange: (config: Config) => void;
  /** The API's error at a place within the configuration: `variants.0.subject`. */
  errorAt: (place: string) => string | undefined;
}

/** The texts of a message, and those of each version that says something of its own. */
export function WordingFields({ type, config, onChange, errorAt }: Props) {
  const variants = variantsOf(config);
  const put = (at: number, changed: Config) =>
    onChange({ ...config, variants: variants.with(at, changed) });
  return (
    <Stack gap="sm">
      <Fields type={type} config={config} onChange={onChange} errorAt={errorAt} />
      {variants.map((variant, at) => (
        <div key={textOf(variant, "name")}>
          <Text size="sm" fw={600} mb={4}>
            Variant {textOf(variant, "name")}
          </Text>
          <Fields
            type={type}
            config={variant}
            onChange={(changed) => put(at, changed)}
            errorAt={(name) => errorAt(`variants.${at}.${name}`)}
          />
        </div>
      ))}
    </Stack>
  );
}

function Fields({ type, config, onChange, errorAt }: Props) {
  const set = (changes: Config) => onChange(said({ ...config, ...changes }));
  if (type === "send_sms")
    return config.body === undefined ? null : (
      <TemplateArea
        label="Text"
        value={textOf(config, "body")}
        onChange={(body) => onChange({ ...config, body })}
        error={errorAt("body")}
      />
    );
  return (
    <Stack gap="sm">
      {config.subject !== undefined && (
        <TemplateInput
          label="Subject"
          value={textOf(config, "subject")}
          onChange={(subject) => onChange({ ...config, subject })}
          error={errorAt("subject")}
        />
      )}
      {(config.html !== undefined || config.text !== undefined) && (
        <EmailBody
          body={{ html: textOf(config, "html"), text: textOf(config, "text") }}
          onChange={set}
          mayBeText
          errorAt={errorAt}
        />
      )}
    </Stack>
  );
}

/** Without an empty half of the content: the API takes no empty texts. At least one stays, to be written in. */
function said(config: Config): Config {
  const { html, text, ...rest } = config;
  return {
    ...rest,
    ...((html || !text) && { html: html ?? "" }),
    ...(text ? { text } : {}),
  };
}
