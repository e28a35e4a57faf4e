/** Which fields conditions may ask for, what may be asked of them, and what they are called. */

import type { Schemas } from "@/api/client";
import { labelOfField, type Vocabulary } from "@/format/names";
import { OPERATORS, type Operator, type Row } from "./conditions";

export type Kind = Schemas["Kind"];
export type Takes = Schemas["Takes"];

/** Whose fields they are. `custom` are the contact's; the project's belong to the project. */
export type Scope = "contact" | "project" | "custom" | "enrollment" | "event";

export const SCOPES: readonly Scope[] = ["contact", "project", "custom", "enrollment", "event"];

const GROUPS: Readonly<Record<Scope, string>> = {
  contact: "Contact",
  custom: "Custom fields",
  project: "Project",
  enrollment: "This campaign",
  event: "Event that enrolled them",
};
const OPEN = /^(custom|contact\.custom|project\.custom|event)\.[\w -]{1,100}(\.[\w -]{1,100})*$/;
const KEY = /^[\w -]{1,100}$/;

export interface FieldWords {
  label: string;
  type: Kind;
  operators: readonly Operator[];
  values: readonly string[] | null;
}

/** What is known of a field; of one that nobody has used yet, what its name says. */
export function fieldOf(name: string, vocabulary: Vocabulary): FieldWords {
  const known = vocabulary.fields.find((field) => field.name === name);
  if (known) return known;
  return { label: labelOfField(name), type: "any", operators: OPERATORS, values: null };
}

/** For a select: the fields in groups, and, where what is typed has no match, the field that it may mean. */
export function fieldChoices(
  vocabulary: Vocabulary,
  scopes: readonly Scope[],
  chosen: string,
  typed: string,
) {
  const isAllowed = (name: string) => scopes.some((scope) => scope === scopeOf(name));
  const known = vocabulary.fields.filter(({ name }) => isAllowed(name));
  const named = new Set(known.map(({ name }) => name));
  const others = [chosen, ...meant(typed, known)].filter(
    (name, at, all) => name && !named.has(name) && all.indexOf(name) === at,
  );
  const choices = [
    ...known.map(({ name, label }) => ({ name, label })),
    ...others
      .filter((name) => name === chosen || isAllowed(name))
      .map((name) => ({ name, label: labelOfField(name) })),
  ];
  return (Object.keys(GROUPS) as Scope[])
    .map((scope) => ({
      group: GROUPS[scope],
      items: choices
        .filter(({ name }) => (scopeOf(name) ?? "contact") === scope)
        .map(({ name, label }) => ({ value: name, label })),
    }))
    .filter(({ items }) => items.length > 0);
}

/** What of the row still makes sense when it asks for another field. */
export function withField(row: Row, field: string, vocabulary: Vocabulary): Row {
  const { operators, type } = fieldOf(field, vocabulary);
  const [first = "equals"] = operators;
  const operator = operators.includes(row.operator) ? row.operator : first;
  const isSameKind = fieldOf(row.field, vocabulary).type === type;
  if (isSameKind && operator === row.operator) return { ...row, field };
  return withOperator({ ...row, field, value: undefined }, operator, vocabulary);
}

/** What of the value still makes sense with another operator. */
export function withOperator(row: Row, operator: Operator, vocabulary: Vocabulary): Row {
  const { field } = row;
  const before = takesOf(row.operator, vocabulary);
  const takes = takesOf(operator, vocabulary);
  const changed: Row = { kind: "row", field, operator };
  if (takes === "nothing") return changed;
  if (takes === before && row.value !== undefined) return { ...changed, value: row.value };
  if (takes === "values")
    return { ...changed, value: typeof row.value === "string" && row.value ? [row.value] : [] };
  const [first] = Array.isArray(row.value) ? row.value : [];
  if (before === "values" && takes === "value") return { ...changed, value: first ?? "" };
  const isBoolean = fieldOf(field, vocabulary).type === "boolean";
  return { ...changed, value: isBoolean ? true : takes === "days" ? 7 : "" };
}

export function takesOf(operator: Operator, vocabulary: Vocabulary): Takes {
  return vocabulary.operators.find(({ name }) => name === operator)?.takes ?? "value";
}

function scopeOf(name: string): Scope | null {
  const [scope] = name.replace(/^contact\.custom\./, "custom.").split(".");
  return SCOPES.find((each) => each === scope) ?? null;
}

/** The fields that may be meant by what nobody has used yet. */
function meant(typed: string, known: readonly { name: string; label: string }[]): string[] {
  const text = typed.trim();
  if (known.some(({ label }) => label.toLowerCase() === text.toLowerCase())) return [];
  if (OPEN.test(text)) return [text];
  return KEY.test(text) ? [`custom.${text}`, `project.custom.${text}`, `event.${text}`] : [];
}
