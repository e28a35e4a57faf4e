import { Skeleton, Stack, Text } from "@mantine/core";
import { ConditionGroup } from "./ConditionGroup";
import { readConditions, writeConditions } from "./conditions";
import { SCOPES, type Scope } from "./fields";
import { useVocabulary } from "./useVocabulary";

interface Props {
  /** The API's conditions; null where there are none. */
  value: unknown;
  /** Gets them as the API takes them, those included that are not whole yet; null where there are none. */
  onChange: (conditions: unknown) => void;
  /** Whose fields are known where the conditions are asked. */
  scopes?: readonly Scope[];
  /** What it means that there are none: "Everybody." */
  emptySays: string;
  /** The API's error at a place within the conditions, such as `all.0.value`. */
  errorAt?: (place: string) => string | undefined;
}

/** Rows of field, comparison and value, in groups of which all, any or none must hold. */
export function ConditionsEditor(props: Props) {
  const { value, onChange, scopes = SCOPES, emptySays, errorAt = () => undefined } = props;
  const vocabulary = useVocabulary();
  if (!vocabulary) return <Skeleton height={72} />;
  const root = readConditions(value);
  const error = errorAt("");
  return (
    <Stack gap="xs">
      {root.items.length === 0 && (
        <Text size="sm" c="dimmed">
          {emptySays}
        </Text>
      )}
      <ConditionGroup
        group={root}
        onChange={(group) => onChange(writeConditions(group))}
        place=""
        depth={0}
        given={{ vocabulary, scopes, errorAt }}
      />
      {error && (
        <Text size="sm" c="red.9" role="alert">
          {error}
        </Text>
      )}
    </Stack>
  );
}
