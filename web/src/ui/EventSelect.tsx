import { Select } from "@mantine/core";
import { useState } from "react";
import { useVocabulary } from "@/conditions/useVocabulary";

interface Props {
  label: string;
  description?: string;
  value: string;
  onChange: (eventName: string) => void;
  error?: string | undefined;
}

/** An event that the system raises, that the company has seen, or one that a client will send, by its name. */
export function EventSelect({ value, onChange, ...props }: Props) {
  const [typed, setTyped] = useState("");
  const known = useVocabulary()?.events ?? [];
  const isKnown = (text: string) =>
    known.some(({ name, label }) => text === name || text === label);
  const own = [value, typed.trim()].filter(
    (name, at, all) => name && !isKnown(name) && all.indexOf(name) === at,
  );
  return (
    <Select
      {...props}
      searchable
      allowDeselect={false}
      placeholder="Choose one, or type the name of your own"
      nothingFoundMessage="Type the event's name"
      onSearchChange={setTyped}
      data={[
        ...known.map(({ name, label }) => ({ value: name, label })),
        ...own.map((name) => ({ value: name, label: name })),
      ]}
      value={value || null}
      onChange={(chosen) => chosen && onChange(chosen)}
    />
  );
}
