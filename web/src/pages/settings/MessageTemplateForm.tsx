import { Box, Button, Group, SimpleGrid, Stack, Text, TextInput, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useDebouncedValue } from "@mantine/hooks";
import { useEffect } from "react";
import { api } from "@/api/client";
import { EmailBody } from "@/pages/builder/editors/message/EmailBody";
import { TemplateArea, TemplateInput } from "@/pages/builder/editors/text/TemplateInput";
import { SampleMessage } from "@/pages/templates/SampleMessage";
import { HOMEOWNER } from "@/pages/templates/useSample";
import { useMay } from "@/session/session";
import { showDone, showProblem } from "@/ui/forms";
import {
  type Channel,
  contentOf,
  formOf,
  type MessageTemplate,
  type TemplateForm,
} from "./messageTemplates";

interface Props {
  channel: Channel;
  /** Without one it is made. */
  template: MessageTemplate | undefined;
  onDirty: (isDirty: boolean) => void;
  /** May ask whether what was written is to be lost. */
  onCancel: () => void;
  onDone: () => void;
}

/** A message template; to those who may not write it, what it says. */
export function MessageTemplateForm(props: Props) {
  const { channel, template } = props;
  const mayBuild = useMay("build");
  if (!mayBuild && template) return <Sample channel={channel} said={formOf(template)} />;
  return <Editor {...props} />;
}

function Sample({ channel, said }: { channel: Channel; said: TemplateForm }) {
  const { subject, html, body } = said;
  return (
    <Stack gap="xs" component="section" aria-label="Preview">
      <Title order={3} size="h5">
        As {HOMEOWNER} would get it
      </Title>
      {html || body ? (
        <SampleMessage
          type={channel === "email" ? "send_email" : "send_sms"}
          config={{ subject, html, body }}
        />
      ) : (
        <Text size="sm" c="dimmed">
          Shown here as soon as you write.
        </Text>
      )}
    </Stack>
  );
}

function Editor({ channel, template, onDirty, onCancel, onDone }: Props) {
  const form = useForm({ initialValues: formOf(template) });
  const { name, subject, html, body } = form.values;
  const [shown] = useDebouncedValue(form.values, 300);
  const isDirty = form.isDirty();
  useEffect(() => onDirty(isDirty), [isDirty, onDirty]);
  const onSuccess = () => {
    onDirty(false);
    showDone("The template is saved.");
    onDone();
  };
  const onError = (error: unknown) => showProblem(error, form);
  const make = api.useMutation("post", "/api/message-templates", { onSuccess, onError });
  const change = api.useMutation("patch", "/api/message-templates/{template_id}", {
    onSuccess,
    onError,
  });
  function save() {
    const said = { name, ...contentOf(form.values, channel) };
    if (template) change.mutate({ params: { path: { template_id: template.id } }, body: said });
    else make.mutate({ body: { ...said, channel } });
  }
  const errorAt = (field: "subject" | "html" | "body") => {
    const error = form.errors[field];
    return typeof error === "string" ? error : undefined;
  };
  return (
    <form aria-label="Message template" onSubmit={form.onSubmit(save)}>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="xl">
        <Stack>
          <TextInput
            label="Name"
            description="For your team; contacts never see it."
            required
            maxLength={255}
            data-autofocus
            {...form.getInputProps("name")}
          />
          {channel === "email" ? (
            <>
              <TemplateInput
                label="Subject"
                required
                value={subject}
                onChange={(said) => form.setFieldValue("subject", said)}
                error={errorAt("subject")}
              />
              <EmailBody
                body={{ html, text: body }}
                mayBeText
                onChange={(said) => {
                  if (said.html !== undefined) form.setFieldValue("html", said.html);
                  if (said.text !== undefined) form.setFieldValue("body", said.text);
                }}
                errorAt={(field) => (field === "text" && errorAt("body")) || errorAt("html")}
              />
            </>
          ) : (
            <TemplateArea
              label="Text"
              description="Texts are billed by segment: 160 characters, or 70 with an emoji or a special character. The step that uses it counts them."
              required
              value={body}
              onChange={(said) => form.setFieldValue("body", said)}
              error={errorAt("body")}
            />
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onCancel}>
              Cancel
            </Button>
            <Button
              type="submit"
              loading={make.isPending || change.isPending}
              disabled={template !== undefined && !isDirty}
            >
              {template ? "Save" : "Make the template"}
            </Button>
          </Group>
        </Stack>
        <Box>
          <Box pos="sticky" top={60}>
            <Sample channel={channel} said={shown} />
          </Box>
        </Box>
      </SimpleGrid>
    </form>
  );
}
