import {
  ActionIcon,
  Button,
  Fieldset,
  Group,
  NumberInput,
  Select,
  Stack,
  TagsInput,
  Text,
  TextInput,
} from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { readable } from "@/format/names";
import type { ContactValues, CustomValue } from "./contactForm";

type Custom = ContactValues["custom"];

interface Props {
  value: Custom;
  onChange: (custom: Custom) => void;
  errorAt: (name: string) => string | undefined;
}

/** What the company notes of a contact beyond what every contact has. */
export function CustomFields({ value, onChange, errorAt }: Props) {
  const names = Object.keys(value);
  return (
    <Fieldset legend="Your own fields">
      <Stack gap="sm">
        {names.length === 0 && (
          <Text size="sm" c="dimmed">
            None yet. Messages and conditions can use them: a field “roof” is custom.roof there.
          </Text>
        )}
        {names.map((name) => (
          <Group key={name} gap="xs" align="flex-end" wrap="nowrap">
            <Field
              label={readable(name)}
              value={value[name] ?? null}
              onChange={(changed) => onChange({ ...value, [name]: changed })}
              error={errorAt(name)}
            />
            <ActionIcon
              variant="subtle"
              color="gray.8"
              mb={4}
              aria-label={`Remove ${readable(name)}`}
              onClick={() => {
                const { [name]: _, ...others } = value;
                onChange(others);
              }}
            >
              <IconX size={16} />
            </ActionIcon>
          </Group>
        ))}
        <NewField taken={names} onAdd={(name, first) => onChange({ ...value, [name]: first })} />
      </Stack>
    </Fieldset>
  );
}

interface FieldProps {
  label: string;
  value: CustomValue;
  onChange: (value: CustomValue) => void;
  error: string | undefined;
}

/** A field keeps the kind that it has. */
function Field({ value, onChange, ...props }: FieldProps) {
  const wide = { flex: 1 };
  if (typeof value === "boolean")
    return (
      <Select
        {...props}
        style={wide}
        allowDeselect={false}
        data={["Yes", "No"]}
        value={value ? "Yes" : "No"}
        onChange={(chosen) => onChange(chosen === "Yes")}
      />
    );
  if (typeof value === "number")
    return (
      <NumberInput
        {...props}
        style={wide}
        value={value}
        onChange={(typed) => typeof typed === "number" && onChange(typed)}
      />
    );
  if (Array.isArray(value))
    return <TagsInput {...props} style={wide} value={value} onChange={onChange} />;
  return (
    <TextInput
      {...props}
      style={wide}
      value={value ?? ""}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

const FIRST = { Text: "", Number: 0, "Yes or no": true } as const satisfies Record<
  string,
  CustomValue
>;
type Kind = keyof typeof FIRST;
const KINDS: Kind[] = ["Text", "Number", "Yes or no"];

interface NewProps {
  taken: string[];
  onAdd: (name: string, first: CustomValue) => void;
}

function NewField({ taken, onAdd }: NewProps) {
  const [label, setLabel] = useState("");
  const [kind, setKind] = useState<Kind>("Text");
  const name = nameOf(label);
  const isTaken = taken.includes(name);

  function add() {
    if (!name || isTaken) return;
    onAdd(name, FIRST[kind]);
    setLabel("");
  }

  return (
    <Group gap="xs" align="flex-start">
      <TextInput
        aria-label="Name of a new field"
        placeholder="Roof age"
        flex={1}
        miw={120}
        value={label}
        onChange={(event) => setLabel(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter") return;
          event.preventDefault();
          add();
        }}
        error={isTaken ? "This field is there already" : undefined}
      />
      <Select
        aria-label="Kind of the new field"
        w={120}
        allowDeselect={false}
        data={KINDS}
        value={kind}
        onChange={(chosen) => chosen && setKind(chosen)}
      />
      <Button
        variant="default"
        leftSection={<IconPlus size={16} />}
        disabled={!name || isTaken}
        onClick={add}
      >
        Add field
      </Button>
    </Group>
  );
}

/** "Roof age" as conditions and texts name it: roof_age. */
function nameOf(label: string): string {
  return label
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "")
    .slice(0, 100);
}
