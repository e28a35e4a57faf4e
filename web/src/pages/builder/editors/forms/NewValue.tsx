import { Autocomplete, Select } from "@mantine/core";
import { useSuggestions } from "@/conditions/useSuggestions";
import { UserSelect } from "@/ui/UserSelect";
import { TemplateInput } from "../text/TemplateInput";

interface Props {
  /** `contact.stage` */
  name: string;
  value: unknown;
  onChange: (value: unknown) => void;
  error?: string | undefined;
}

/** What a field becomes, as the field takes it. */
export function NewValue({ name, value, onChange, error }: Props) {
  const suggestions = useSuggestions(name);
  const text = value === null || value === undefined ? "" : String(value);
  const common = { label: "New value", error };
  if (name === "contact.assigned_to" && !text.includes("{"))
    return (
      <UserSelect
        {...common}
        placeholder="Nobody"
        value={text || null}
        onChange={(chosen) => onChange(chosen ?? "")}
      />
    );
  if (name === "contact.timezone")
    return (
      <Select
        {...common}
        searchable
        clearable
        data={Intl.supportedValuesOf("timeZone")}
        value={text || null}
        onChange={(chosen) => onChange(chosen ?? "")}
      />
    );
  if (suggestions.length > 0 && !text.includes("{"))
    return (
      <Autocomplete
        {...common}
        description="One that is in use, or another one"
        data={suggestions}
        value={text}
        onChange={onChange}
      />
    );
  return (
    <TemplateInput
      {...common}
      description={MONEY.has(name) ? "An amount in dollars, such as 12000.50" : undefined}
      value={text}
      onChange={(changed) => onChange(ofSameKind(value, changed))}
    />
  );
}

const MONEY = new Set(["project.estimate_amount", "project.monthly_payment"]);

/** A number stays one, and yes and no too: custom fields hold what they get. */
function ofSameKind(before: unknown, text: string): unknown {
  if (typeof before === "number" && text.trim() !== "" && Number.isFinite(Number(text)))
    return Number(text);
  if (typeof before === "boolean" && (text === "true" || text === "false")) return text === "true";
  return text;
}
