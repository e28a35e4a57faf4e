/** Conditions in words: "Stage is lead and Estimate is more than $5,000.00". */

import type { Schemas } from "@/api/client";
import { formatMoney } from "@/format/format";
import { NO_WORDS, type Vocabulary } from "@/format/names";
import { SOURCES } from "@/format/words";
import { type Item, type Join, type Row, readConditions } from "./conditions";
import { fieldOf, takesOf } from "./fields";

/** The name of the user with that id, where it is known. */
export type NameOfUser = (id: string) => string | undefined;

interface Names {
  vocabulary: Vocabulary;
  nameOfUser: NameOfUser;
}

/** In words, also before it is known what things are called; an empty text where there are no conditions. */
export function describeConditions(
  conditions: unknown,
  vocabulary: Vocabulary = NO_WORDS,
  nameOfUser: NameOfUser = () => undefined,
): string {
  const { join, items } = readConditions(conditions);
  return joined(join, items, { vocabulary, nameOfUser });
}

function joined(join: Join, items: readonly Item[], names: Names): string {
  const isAlone = items.length === 1;
  const said = items.map((item) => {
    if (item.kind === "row") return describeRow(item, names);
    if (item.kind === "other") return JSON.stringify(item.json);
    const words = joined(item.join, item.items, names);
    return isAlone || item.items.length === 1 ? words : `(${words})`;
  });
  if (said.length === 0) return "";
  switch (join) {
    case "all":
      return said.join(" and ");
    case "any":
      return said.join(" or ");
    case "none":
      return `${isAlone ? "not" : "none of these"}: ${said.join("; ")}`;
    case "not_all":
      return `${isAlone ? "not" : "not all of these"}: ${said.join("; ")}`;
  }
}

function describeRow({ field, operator, value }: Row, names: Names): string {
  const { vocabulary } = names;
  const { label, type } = fieldOf(field, vocabulary);
  if (type === "boolean" && (operator === "equals" || operator === "not_equals"))
    return `${label}: ${(value === true) === (operator === "equals") ? "yes" : "no"}`;
  const known = vocabulary.operators.find(({ name }) => name === operator);
  const how = known?.label ?? operator.replaceAll("_", " ");
  const takes = takesOf(operator, vocabulary);
  if (takes === "nothing" || value === undefined) return `${label} ${how}`;
  if (takes === "days")
    return `${label} is within the last ${value === 1 ? "day" : `${value} days`}`;
  const values = Array.isArray(value) ? value : [value];
  const said = values.map((each) => describeValue(each, field, type, names));
  return `${label || "…"} ${how} ${said.join(", ") || "…"}`;
}

function describeValue(value: unknown, field: string, type: Schemas["Kind"], names: Names): string {
  if (value === null || value === "") return "…";
  if (typeof value === "boolean") return value ? "yes" : "no";
  const text = String(value);
  if (type === "money" && Number.isFinite(Number(text))) return formatMoney(text);
  if (type === "id") return names.nameOfUser(text) ?? "someone";
  if (field === "enrollment.enrollment_source")
    return Object.entries(SOURCES).find(([source]) => source === text)?.[1] ?? text;
  return text;
}
