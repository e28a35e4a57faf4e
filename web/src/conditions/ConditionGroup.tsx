import { ActionIcon, Box, Button, Code, Group as Line, Select, Stack, Text } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import type { Vocabulary } from "@/format/names";
import { ConditionRow } from "./ConditionRow";
import { type Group, type Item, type Join, NEW_ROW, PLACES } from "./conditions";
import type { Scope } from "./fields";

/** What is the same for all of an editor. */
export interface Given {
  vocabulary: Vocabulary;
  scopes: readonly Scope[];
  errorAt: (place: string) => string | undefined;
}

interface Props {
  group: Group;
  onChange: (group: Group) => void;
  onRemove?: () => void;
  /** Where it lies in the JSON. */
  place: string;
  depth: number;
  given: Given;
}

/** The API takes ten levels; nobody reads more than these. */
const MAX_DEPTH = 2;

const JOINS: { value: Join; label: string }[] = [
  { value: "all", label: "All of these are true" },
  { value: "any", label: "At least one is true" },
  { value: "none", label: "None of these is true" },
  { value: "not_all", label: "Not all of these are true" },
];

export function ConditionGroup({ group, onChange, onRemove, place, depth, given }: Props) {
  const { items, join } = group;
  const within = [place, PLACES[join]].filter(Boolean).join(".");
  const put = (changed: Item[]) =>
    changed.length === 0 && onRemove ? onRemove() : onChange({ ...group, items: changed });
  return (
    <Box
      role="group"
      aria-label={depth === 0 ? "Conditions" : "Group of conditions"}
      p={depth > 0 ? "xs" : 0}
      bg={depth > 0 ? "gray.0" : undefined}
      bd={depth > 0 ? "1px solid gray.3" : undefined}
      style={{ borderRadius: "var(--mantine-radius-md)" }}
    >
      <Stack gap="xs">
        {(items.length > 1 || depth > 0 || (join !== "all" && items.length > 0)) && (
          <Line gap="xs" wrap="nowrap">
            <Select
              aria-label="How they hold together"
              size="xs"
              flex={1}
              maw={240}
              allowDeselect={false}
              data={JOINS}
              value={join}
              onChange={(chosen) => chosen && onChange({ ...group, join: chosen })}
            />
            {onRemove && <Remove label="Remove the group" onClick={onRemove} />}
          </Line>
        )}
        {items.map((item, at) => (
          <ConditionItem
            // biome-ignore lint/suspicious/noArrayIndexKey: conditions have no names, and no state of their own
            key={at}
            item={item}
            number={at + 1}
            place={`${within}.${at}`}
            depth={depth}
            given={given}
            onChange={(changed) => put(items.with(at, changed))}
            onRemove={() => put(items.toSpliced(at, 1))}
          />
        ))}
        <Line gap={4}>
          <Add onClick={() => put([...items, NEW_ROW])}>Add condition</Add>
          {depth < MAX_DEPTH && items.length > 0 && (
            <Add onClick={() => put([...items, { kind: "group", join: "any", items: [NEW_ROW] }])}>
              Add group
            </Add>
          )}
        </Line>
      </Stack>
    </Box>
  );
}

interface ItemProps {
  item: Item;
  number: number;
  place: string;
  depth: number;
  given: Given;
  onChange: (item: Item) => void;
  onRemove: () => void;
}

function ConditionItem({ item, number, depth, ...props }: ItemProps) {
  switch (item.kind) {
    case "group":
      return <ConditionGroup group={item} depth={depth + 1} {...props} />;
    case "row":
      return (
        <ConditionRow
          row={item}
          label={`Condition ${number}`}
          {...props}
          remove={<Remove label={`Remove condition ${number}`} onClick={props.onRemove} />}
        />
      );
    case "other":
      return (
        <Line gap="xs" wrap="nowrap" align="flex-start">
          <Box flex={1} miw={0}>
            <Text size="xs" c="dimmed">
              A condition that this editor cannot show; it stays as it is.
            </Text>
            <Code block>{JSON.stringify(item.json, null, 2)}</Code>
          </Box>
          <Remove label={`Remove condition ${number}`} onClick={props.onRemove} />
        </Line>
      );
  }
}

function Add({ onClick, children }: { onClick: () => void; children: string }) {
  return (
    <Button
      variant="subtle"
      size="compact-sm"
      leftSection={<IconPlus size={14} />}
      onClick={onClick}
    >
      {children}
    </Button>
  );
}

function Remove({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <ActionIcon variant="subtle" color="gray.7" aria-label={label} onClick={onClick} mt={2}>
      <IconX size={16} />
    </ActionIcon>
  );
}
