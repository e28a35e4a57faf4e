import { Textarea, TextInput } from "@mantine/core";
import { useRef } from "react";
import { VariableMenu } from "./VariableMenu";

interface Props {
  label: string;
  description?: string | undefined;
  placeholder?: string | undefined;
  value: string;
  onChange: (text: string) => void;
  error?: string | undefined;
  required?: boolean;
  maxLength?: number;
}

/** A line of text that may hold variables. */
export function TemplateInput({ onChange, ...props }: Props) {
  const { input, insert } = useInsertion<HTMLInputElement>(props.value, onChange);
  return (
    <TextInput
      {...props}
      withAsterisk={props.required ?? false}
      required={false}
      ref={input}
      onChange={(event) => onChange(event.currentTarget.value)}
      rightSection={<VariableMenu onInsert={insert} />}
    />
  );
}

/** A text of several lines that may hold variables. */
export function TemplateArea({
  onChange,
  code = false,
  ...props
}: Props & { code?: boolean; minRows?: number }) {
  const { input, insert } = useInsertion<HTMLTextAreaElement>(props.value, onChange);
  return (
    <Textarea
      autosize
      minRows={4}
      maxRows={24}
      {...props}
      withAsterisk={props.required ?? false}
      required={false}
      ref={input}
      onChange={(event) => onChange(event.currentTarget.value)}
      rightSection={<VariableMenu onInsert={insert} />}
      rightSectionProps={{ style: { alignItems: "flex-start", paddingTop: 4 } }}
      styles={
        code ? { input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: 13 } } : {}
      }
      spellCheck={!code}
    />
  );
}

/** Puts a text where the caret is, and the caret behind it. */
function useInsertion<Element extends HTMLInputElement | HTMLTextAreaElement>(
  value: string,
  onChange: (text: string) => void,
) {
  const input = useRef<Element>(null);
  const insert = (text: string) => {
    const start = input.current?.selectionStart ?? value.length;
    const end = input.current?.selectionEnd ?? start;
    onChange(value.slice(0, start) + text + value.slice(end));
    requestAnimationFrame(() => {
      input.current?.focus();
      input.current?.setSelectionRange(start + text.length, start + text.length);
    });
  };
  return { input, insert };
}
