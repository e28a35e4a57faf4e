import { Stack, TagsInput, Text } from "@mantine/core";
import { counted } from "@/format/format";
import { textsOf } from "../stepValues";
import { TemplateArea } from "../text/TemplateInput";
import type { MessageProps } from "./MessageDesk";
import { TemplateSelect } from "./TemplateSelect";
import { useContent } from "./useContent";
import type { Shown } from "./usePreview";
import { Versions } from "./Versions";
import { variantsOf } from "./variants";

export function TextFields({ form, campaign, step, version, onVersion, shown }: MessageProps) {
  const { configure, errorAt } = form;
  const config = form.values.step_config;
  const content = useContent(form, version);
  const isWritten = variantsOf(config).length > 0 || !config.template_id;
  const pictures = textsOf(config, "media_urls");
  return (
    <Stack gap="md">
      <TemplateSelect form={form} channel="sms" said={["body"]} />
      <Versions form={form} campaign={campaign} step={step} version={version} onVersion={onVersion}>
        {isWritten && (
          <TemplateArea
            label="Text"
            required
            value={content.text("body")}
            onChange={(body) => content.change({ body })}
            error={content.errorAt("body")}
          />
        )}
        <Size shown={shown} />
      </Versions>
      <TagsInput
        label="Pictures"
        description="Addresses that begin with https://. With pictures it is sent, and billed, as MMS."
        placeholder={pictures.length > 0 ? "" : "Paste an address, press Enter"}
        acceptValueOnBlur
        splitChars={[" ", "\n"]}
        maxTags={10}
        value={pictures}
        onChange={(media_urls) => configure({ media_urls })}
        error={
          errorAt("step_config.media_urls") ??
          pictures.map((_, at) => errorAt(`step_config.media_urls.${at}`)).find(Boolean)
        }
      />
    </Stack>
  );
}

/** How long the text is for the contact of the preview, and what it is billed as. */
function Size({ shown }: { shown: Shown | undefined }) {
  const body = shown?.content.body;
  if (!shown || !body) return null;
  const segments = shown.segments ?? 0;
  return (
    <Text size="sm" c="dimmed" aria-live="polite">
      {counted(body.length, "character")}, billed as {counted(segments, "segment")} (
      {shown.encoding}).{" "}
      {shown.encoding === "UCS-2"
        ? "An emoji or a special character makes segments shorter: 70 characters, 67 where there are several."
        : "A segment holds 160 characters, 153 where there are several."}
    </Text>
  );
}
