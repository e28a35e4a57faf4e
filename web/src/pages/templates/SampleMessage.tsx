import { Stack, Text } from "@mantine/core";
import type { Step } from "@/api/types";
import type { Config } from "@/pages/builder/editors/stepValues";
import { EmailView } from "@/ui/EmailView";
import { TextBubble } from "@/ui/TextBubble";
import { wordingsOf } from "./messages";
import { useSample } from "./useSample";

interface Props {
  type: Step["step_type"];
  config: Config;
}

/** A message as a homeowner would get it, in each of its versions. */
export function SampleMessage({ type, config }: Props) {
  const show = useSample();
  if (config.template_id)
    return (
      <Text size="sm" c="dimmed">
        It says what a message template says, which you find in the settings.
      </Text>
    );
  return (
    <Stack gap="sm">
      {wordingsOf(config).map((wording) => {
        const { subject, html, body } = show(wording);
        return (
          <div key={wording.variant ?? ""}>
            {wording.variant && (
              <Text size="xs" fw={600} mb={4}>
                Variant {wording.variant}
              </Text>
            )}
            {type === "send_email" ? (
              <EmailView subject={subject} html={html} body={body} />
            ) : (
              <TextBubble body={body} />
            )}
          </div>
        );
      })}
    </Stack>
  );
}
