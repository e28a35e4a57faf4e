/** Conditions as an editor shows them: rows in groups. What cannot be shown so is kept as it came. */

import type { Schemas } from "@/api/client";
import { isRecord } from "@/format/json";

export type Operator = Schemas["Operator"];

/** How a group holds: every item, one at least, none of them, or not every one. */
export type Join = "all" | "any" | "none" | "not_all";

export interface Row {
  kind: "row";
  field: string;
  operator: Operator;
  /** Left out where the operator takes none. */
  value?: unknown;
}

export interface Group {
  kind: "group";
  join: Join;
  items: Item[];
}

/** JSON that makes no row and no group. */
export interface Other {
  kind: "other";
  json: unknown;
}

export type Item = Row | Group | Other;

export const OPERATORS: readonly Operator[] = [
  "equals",
  "not_equals",
  "greater_than",
  "greater_or_equal",
  "less_than",
  "less_or_equal",
  "contains",
  "not_contains",
  "starts_with",
  "ends_with",
  "in",
  "not_in",
  "is_set",
  "is_not_set",
  "before",
  "after",
  "within_last_days",
];

/** A row before anything is chosen. */
export const NEW_ROW: Row = { kind: "row", field: "", operator: "equals", value: "" };

/** The outermost group of the API's conditions; without any, an empty one. */
export function readConditions(json: unknown): Group {
  if (json === null || json === undefined) return { kind: "group", join: "all", items: [] };
  const item = readItem(json);
  return item.kind === "group" ? item : { kind: "group", join: "all", items: [item] };
}

/** As the API takes them; null where there are none. */
export function writeConditions(group: Group): unknown {
  return group.items.length === 0 ? null : writeItem(group);
}

/** Where the items of such a group lie in the JSON, as the API's errors name them. */
export const PLACES: Readonly<Record<Join, string>> = {
  all: "all",
  any: "any",
  none: "not.any",
  not_all: "not.all",
};

function readItem(json: unknown): Item {
  if (Array.isArray(json)) return groupOf("all", json);
  if (!isRecord(json)) return { kind: "other", json };
  const keys = Object.keys(json);
  if (keys.length === 1) {
    if (Array.isArray(json.all)) return groupOf("all", json.all);
    if (Array.isArray(json.any)) return groupOf("any", json.any);
    if (json.not !== undefined) return readNot(json.not);
  }
  return readRow(json) ?? { kind: "other", json };
}

function readNot(json: unknown): Item {
  const inner = readItem(json);
  if (inner.kind === "other") return { kind: "other", json: { not: json } };
  if (inner.kind === "group" && inner.join === "any") return { ...inner, join: "none" };
  if (inner.kind === "group" && inner.join === "all") return { ...inner, join: "not_all" };
  return { kind: "group", join: "none", items: [inner] };
}

function readRow(json: Record<string, unknown>): Row | null {
  const { field, operator, value, ...rest } = json;
  const known = OPERATORS.find((each) => each === operator);
  if (typeof field !== "string" || !known || Object.keys(rest).length > 0) return null;
  if (!isShown(known, value)) return null;
  return value === undefined
    ? { kind: "row", field, operator: known }
    : { kind: "row", field, operator: known, value };
}

/** Whether there is an input for such a value. */
function isShown(operator: Operator, value: unknown): boolean {
  if (operator === "in" || operator === "not_in")
    return (
      Array.isArray(value) && value.every((each) => ["string", "number"].includes(typeof each))
    );
  return value == null || ["string", "number", "boolean"].includes(typeof value);
}

function groupOf(join: Join, items: readonly unknown[]): Group {
  return { kind: "group", join, items: items.map(readItem) };
}

function writeItem(item: Item): unknown {
  switch (item.kind) {
    case "other":
      return item.json;
    case "row": {
      const { kind: _, ...comparison } = item;
      return comparison;
    }
    case "group": {
      const items = item.items.map(writeItem);
      switch (item.join) {
        case "all":
          return { all: items };
        case "any":
          return { any: items };
        case "none":
          return { not: { any: items } };
        case "not_all":
          return { not: { all: items } };
      }
    }
  }
}
