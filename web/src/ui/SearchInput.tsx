import { TextInput, type TextInputProps } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";

interface Props extends Omit<TextInputProps, "value" | "onChange"> {
  /** What the address holds. */
  value: string | undefined;
  onChange: (search: string | undefined) => void;
}

const PAUSE_MS = 250;

/** What a list is searched for, told when the typing pauses; it follows the address back and forth. */
export function SearchInput({ value = "", onChange, ...props }: Props) {
  const [text, setText] = useState(value);
  const [known, setKnown] = useState(value);
  const tell = useDebouncedCallback(
    (typed: string) => onChange(typed.trim() || undefined),
    PAUSE_MS,
  );
  if (known !== value) {
    setKnown(value);
    if (value !== text.trim()) setText(value);
  }
  return (
    <TextInput
      leftSection={<IconSearch size={16} />}
      maxLength={100}
      {...props}
      type="search"
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        tell(event.currentTarget.value);
      }}
    />
  );
}
