import { Flex, Group, Select } from "@mantine/core";
import { type ReactNode, useState } from "react";
import type { Given } from "./ConditionGroup";
import { ConditionValue } from "./ConditionValue";
import { OPERATORS, type Row } from "./conditions";
import { fieldChoices, fieldOf, withField, withOperator } from "./fields";

interface Props {
  row: Row;
  onChange: (row: Row) => void;
  /** "Condition 2" */
  label: string;
  place: string;
  given: Given;
  remove: ReactNode;
}

export function ConditionRow({ row, onChange, label, place, given, remove }: Props) {
  const { vocabulary, scopes, errorAt } = given;
  const [typed, setTyped] = useState("");
  const { operators } = fieldOf(row.field, vocabulary);
  const offered = OPERATORS.filter((each) => each === row.operator || operators.includes(each));
  const labels = new Map(vocabulary.operators.map((each) => [each.name, each.label]));
  // The value says the unit: "is in the last", "30 days".
  labels.set("within_last_days", "is in the last");
  const fieldError = errorAt(`${place}.field`) ?? errorAt(place);
  const wrong = errorAt(`${place}.value`) ?? valueError(row, place, errorAt);
  return (
    <Group gap={4} wrap="nowrap" align="flex-start">
      <Flex flex={1} miw={0} gap={6} wrap="wrap" align="flex-start">
        <Select
          aria-label={`${label}: field`}
          placeholder="Field"
          flex="1 1 180px"
          size="sm"
          searchable
          allowDeselect={false}
          nothingFoundMessage="No such field"
          data={fieldChoices(vocabulary, scopes, row.field, typed)}
          onSearchChange={setTyped}
          value={row.field || null}
          onChange={(field) => field && onChange(withField(row, field, vocabulary))}
          error={row.field ? fieldError : fieldError && "Choose a field"}
        />
        <Select
          aria-label={`${label}: comparison`}
          flex="1 1 130px"
          size="sm"
          allowDeselect={false}
          data={offered.map((value) => ({ value, label: labels.get(value) ?? value }))}
          value={row.operator}
          onChange={(chosen) => chosen && onChange(withOperator(row, chosen, vocabulary))}
          error={errorAt(`${place}.operator`)}
        />
        <ConditionValue
          row={row}
          vocabulary={vocabulary}
          label={`${label}: value`}
          onChange={(value) => onChange({ ...row, value })}
          error={row.value === "" ? wrong && "Say what to compare with" : wrong}
        />
      </Flex>
      {remove}
    </Group>
  );
}

/** The first error of a list's members. */
function valueError(row: Row, place: string, errorAt: Given["errorAt"]): string | undefined {
  if (!Array.isArray(row.value)) return undefined;
  return row.value.map((_, at) => errorAt(`${place}.value.${at}`)).find(Boolean);
}
