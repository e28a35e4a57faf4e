/** What is called by a name: fields, variables, events. */

import type { Schemas } from "@/api/client";
import { capitalized } from "./format";

/** What the API calls the fields, the operators and the events. */
export type Vocabulary = Schemas["Vocabulary"];

/** Before it is known what things are called. */
export const NO_WORDS: Vocabulary = { variables: [], fields: [], events: [], operators: [] };

/** The label of a field, or its name made readable. */
export function labelOfField(name: string, vocabulary = NO_WORDS): string {
  const known = vocabulary.fields.find((field) => field.name === name)?.label;
  if (known) return known;
  return name.startsWith("project.custom.") ? `${readable(name)} of the project` : readable(name);
}

/** `custom.roof_age` as "Roof age". */
export function readable(name: string): string {
  return capitalized((name.split(".").at(-1) ?? name).replaceAll("_", " "));
}

/** A text with its variables by their labels: `Hi {{ first_name }}` as "Hi [First name]". */
export function sayText(text: unknown, vocabulary = NO_WORDS): string {
  return String(text ?? "")
    .replace(/\{%.*?%\}/gs, "")
    .replace(/\{\{\s*([\w.]+).*?\}\}/gs, (_, name: string) => {
      const variable = vocabulary.variables.find((each) => each.name === name);
      return `[${variable?.label ?? readable(name)}]`;
    })
    .replace(/\s+/g, " ")
    .trim();
}
