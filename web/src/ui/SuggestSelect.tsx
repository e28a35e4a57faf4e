import { Select } from "@mantine/core";
import { useState } from "react";

interface Props {
  label: string;
  placeholder: string;
  /** What is in use; anything else may be typed too. */
  suggestions: readonly string[];
  value: string | undefined;
  onChange: (value: string | undefined) => void;
}

/** One of the values that are in use, or one that is typed. */
export function SuggestSelect({ suggestions, value, onChange, ...props }: Props) {
  const [typed, setTyped] = useState("");
  return (
    <Select
      {...props}
      searchable
      clearable
      nothingFoundMessage="None is in use"
      onSearchChange={setTyped}
      data={[...new Set([...suggestions, value ?? "", typed.trim()])].filter(Boolean)}
      value={value ?? null}
      onChange={(chosen) => onChange(chosen ?? undefined)}
    />
  );
}
