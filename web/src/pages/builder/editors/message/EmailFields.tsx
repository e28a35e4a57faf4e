import { SimpleGrid, Stack, TextInput } from "@mantine/core";
import { textOf } from "../stepValues";
import { TemplateInput } from "../text/TemplateInput";
import { EmailBody } from "./EmailBody";
import type { MessageProps } from "./MessageDesk";
import { TemplateSelect } from "./TemplateSelect";
import { useContent } from "./useContent";
import { Versions } from "./Versions";
import { variantsOf } from "./variants";

export function EmailFields({ form, campaign, step, version, onVersion }: MessageProps) {
  const { configure, errorAt } = form;
  const config = form.values.step_config;
  const content = useContent(form, version);
  const isTested = variantsOf(config).length > 0;
  const isWritten = isTested || !config.template_id;
  const changeBody = (changed: { html?: string; text?: string }) => {
    // A version that is without a text of its own has none; without HTML it would have everybody's.
    const dropped = Object.entries(changed).map(([name, value]) =>
      value === "" && (!isTested || name === "text" || changed.text)
        ? [name, undefined]
        : [name, value],
    );
    content.change(Object.fromEntries(dropped));
  };
  return (
    <Stack gap="md">
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <TemplateInput
          label="From name"
          placeholder="The company's"
          value={textOf(config, "from_name")}
          onChange={(from_name) => configure({ from_name })}
          error={errorAt("step_config.from_name")}
        />
        <TextInput
          label="Replies go to"
          placeholder="The company's address"
          type="email"
          value={textOf(config, "reply_to")}
          onChange={(event) => configure({ reply_to: event.currentTarget.value })}
          error={errorAt("step_config.reply_to")}
        />
      </SimpleGrid>
      <TemplateSelect form={form} channel="email" said={["subject", "html", "text"]} />
      <TemplateInput
        label="Preview line"
        description="Shown after the subject in the inbox"
        value={textOf(config, "preheader")}
        onChange={(preheader) => configure({ preheader })}
        error={errorAt("step_config.preheader")}
      />
      <Versions form={form} campaign={campaign} step={step} version={version} onVersion={onVersion}>
        {isWritten && (
          <Stack gap="md">
            <TemplateInput
              label="Subject"
              required
              value={content.text("subject")}
              onChange={(subject) => content.change({ subject })}
              error={content.errorAt("subject")}
            />
            <EmailBody
              key={`${version} ${variantsOf(config).length} ${textOf(config, "template_id")}`}
              body={{ html: content.text("html"), text: content.text("text") }}
              mayBeText={!isTested || !content.shared("html")}
              onChange={changeBody}
              errorAt={content.errorAt}
            />
          </Stack>
        )}
      </Versions>
    </Stack>
  );
}
