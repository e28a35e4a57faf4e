import { Autocomplete, MultiSelect, NumberInput, Select, TagsInput } from "@mantine/core";
import { DateInput } from "@mantine/dates";
import type { Vocabulary } from "@/format/names";
import { SOURCES } from "@/format/words";
import { CALENDAR } from "@/ui/calendar";
import { useUserChoices } from "@/ui/UserSelect";
import type { Row } from "./conditions";
import { fieldOf, takesOf } from "./fields";
import { useSuggestions } from "./useSuggestions";

interface Props {
  row: Row;
  vocabulary: Vocabulary;
  label: string;
  onChange: (value: unknown) => void;
  error?: string | undefined;
}

const DAY = /^\d{4}-\d\d-\d\d$/;
const NAMED: ReadonlyMap<string, string> = new Map(Object.entries(SOURCES));

/** The input for a value of the field's type, as the operator takes it; none where it takes none. */
export function ConditionValue({ row, vocabulary, label, onChange, error }: Props) {
  const { type, values } = fieldOf(row.field, vocabulary);
  const takes = takesOf(row.operator, vocabulary);
  const suggestions = useSuggestions(row.field);
  const text = row.value === undefined || row.value === null ? "" : String(row.value);
  const common = { "aria-label": label, size: "sm" as const, flex: "1 1 150px", error };

  if (takes === "nothing") return null;
  if (takes === "values") {
    const list = Array.isArray(row.value) ? row.value.map(String) : [];
    if (type === "id") return <Users {...common} value={list} onChange={onChange} />;
    if (values)
      return <MultiSelect {...common} data={named(values)} value={list} onChange={onChange} />;
    return (
      <TagsInput
        {...common}
        placeholder={list.length > 0 ? "" : "Type one, press Enter"}
        data={suggestions}
        value={list}
        onChange={onChange}
        acceptValueOnBlur
      />
    );
  }
  if (takes === "days")
    return (
      <NumberInput
        {...common}
        suffix={text === "1" ? " day" : " days"}
        min={1}
        max={36_500}
        value={text}
        onChange={onChange}
      />
    );
  if (takes === "time" && (text === "" || DAY.test(text)))
    return (
      <DateInput
        {...common}
        placeholder="Day"
        {...CALENDAR}
        valueFormat="MMM D, YYYY"
        value={text || null}
        onChange={(day) => onChange(day ?? "")}
      />
    );
  if (type === "boolean")
    return (
      <Select
        {...common}
        allowDeselect={false}
        data={[
          { value: "true", label: "yes" },
          { value: "false", label: "no" },
        ]}
        value={text}
        onChange={(chosen) => onChange(chosen === "true")}
      />
    );
  if (type === "id" && row.field.endsWith("assigned_to"))
    return <OneUser {...common} value={text} onChange={onChange} />;
  if (values)
    return (
      <Select
        {...common}
        allowDeselect={false}
        data={named(values)}
        value={text || null}
        onChange={onChange}
      />
    );
  if (type === "integer" || type === "money" || takes === "number")
    return (
      <NumberInput
        {...common}
        placeholder="Number"
        prefix={type === "money" ? "$" : ""}
        thousandSeparator={type === "money" ? "," : ""}
        value={text}
        onChange={onChange}
      />
    );
  return (
    <Autocomplete
      {...common}
      placeholder="Value"
      data={suggestions}
      value={text}
      onChange={onChange}
    />
  );
}

interface UserProps<Value> {
  "aria-label": string;
  size: "sm";
  flex: string;
  error: string | undefined;
  value: Value;
  onChange: (value: unknown) => void;
}

function OneUser({ value, ...props }: UserProps<string>) {
  return (
    <Select
      {...props}
      searchable
      placeholder="User"
      data={useUserChoices()}
      value={value || null}
    />
  );
}

function Users(props: UserProps<string[]>) {
  return <MultiSelect {...props} searchable placeholder="Users" data={useUserChoices()} />;
}

function named(values: readonly string[]) {
  return values.map((value) => ({ value, label: NAMED.get(value) ?? value }));
}
