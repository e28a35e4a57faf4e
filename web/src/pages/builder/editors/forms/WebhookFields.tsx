import { ActionIcon, Button, Fieldset, Group, Select, Stack, Text, TextInput } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useState } from "react";
import type { FieldsProps } from "../StepFields";
import { textOf } from "../stepValues";
import { TemplateArea } from "../text/TemplateInput";
import type { StepForm } from "../useStepForm";
import { type Header, headersOf, readBody, showBody, writeHeaders } from "./webhook";

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"];

export function WebhookFields({ form }: FieldsProps) {
  const { configure, errorAt } = form;
  const config = form.values.step_config;
  const [body, setBody] = useState(() => showBody(config.body));
  const isJson = typeof readBody(body) === "object";
  return (
    <Stack gap="md">
      <Group gap="xs" align="flex-start" wrap="nowrap">
        <Select
          label="Method"
          w={110}
          allowDeselect={false}
          data={METHODS}
          value={textOf(config, "method") || "POST"}
          onChange={(method) => configure({ method })}
          error={errorAt("step_config.method")}
        />
        <TextInput
          label="Address"
          withAsterisk
          flex={1}
          type="url"
          placeholder="https://example.com/hooks/roofing"
          value={textOf(config, "url")}
          onChange={(event) => configure({ url: event.currentTarget.value })}
          error={errorAt("step_config.url")}
        />
      </Group>
      <Headers form={form} />
      <TemplateArea
        code
        label="Body"
        minRows={6}
        placeholder={'{\n  "name": "{{ contact_name }}"\n}'}
        value={body}
        onChange={(text) => {
          setBody(text);
          configure({ body: readBody(text) });
        }}
        error={bodyError(form)}
      />
      <Text size="sm" c="dimmed" mt={-8}>
        {body.trim() === ""
          ? "Without a body nothing but the request itself is sent."
          : isJson
            ? "Sent as JSON."
            : "Sent as text: it is no JSON."}{" "}
        Each request is signed, so that its receiver can tell that it is yours.
      </Text>
    </Stack>
  );
}

function Headers({ form }: { form: StepForm }) {
  const [headers, setHeaders] = useState(() => headersOf(form.values.step_config));
  const put = (changed: Header[]) => {
    setHeaders(changed);
    form.configure({ headers: writeHeaders(changed) });
  };
  return (
    <Fieldset legend="Headers" p="sm">
      <Stack gap="xs">
        {headers.map(([name, value], at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: headers are edited in place, and have no name yet
          <Group key={at} gap="xs" wrap="nowrap" align="flex-start">
            <TextInput
              aria-label={`Name of header ${at + 1}`}
              placeholder="X-Source"
              flex={2}
              value={name}
              onChange={(event) => put(headers.with(at, [event.currentTarget.value, value]))}
              error={form.errorAt(`step_config.headers.${name}`)}
            />
            <TextInput
              aria-label={`Value of header ${at + 1}`}
              placeholder="Value"
              flex={3}
              value={value}
              onChange={(event) => put(headers.with(at, [name, event.currentTarget.value]))}
            />
            <ActionIcon
              variant="subtle"
              color="gray.7"
              size="lg"
              aria-label={`Remove header ${at + 1}`}
              onClick={() => put(headers.toSpliced(at, 1))}
            >
              <IconX size={16} />
            </ActionIcon>
          </Group>
        ))}
        <div>
          <Button
            variant="subtle"
            size="compact-sm"
            leftSection={<IconPlus size={14} />}
            onClick={() => put([...headers, ["", ""]])}
          >
            Add header
          </Button>
        </div>
      </Stack>
    </Fieldset>
  );
}

/** The first error anywhere within the body. */
function bodyError({ errorsUnder }: StepForm): string | undefined {
  const [first] = errorsUnder("step_config.body");
  return first;
}
