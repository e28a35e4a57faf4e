/**
 * A text of a template as somebody gets it. The API renders what a campaign says, and templates belong to none: this knows
 * what their texts have of Liquid (variables with a default, if, unless), and leaves the rest out.
 */

export type Values = Readonly<Record<string, string | undefined>>;

/** An `if` or `unless` with no other inside. */
const CHOICE =
  /\{%-?\s*(if|unless)\s+([^%]*?)\s*-?%\}((?:(?!\{%-?\s*(?:if|unless)\s).)*?)\{%-?\s*end\1\s*-?%\}/s;
const TURN = /\{%-?\s*(?:elsif\s+([^%]*?)|else)\s*-?%\}/;
const VARIABLE = /\{\{-?\s*([\w.]+)(?:.*?default:\s*(["'])(.*?)\2)?.*?\}\}/gs;

/** Fill the values in; `secure` makes a value safe where it stands. */
export function fillIn(text: string, values: Values, secure = (value: string) => value): string {
  let chosen = text;
  for (let choice = CHOICE.exec(chosen); choice; choice = CHOICE.exec(chosen)) {
    const [whole, word, condition = "", inside = ""] = choice;
    const said = sideOf(inside, (given) => holds(given, values), condition, word === "if");
    chosen = chosen.replace(whole, () => said);
  }
  return chosen
    .replace(/\{%.*?%\}/gs, "")
    .replace(VARIABLE, (_, name: string, _quote, fallback = "") =>
      secure(values[name] || fallback),
    );
}

export function escapeHtml(value: string): string {
  return value
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** The first side that holds. */
function sideOf(
  inside: string,
  isTrue: (condition: string) => boolean,
  condition: string,
  wanted: boolean,
): string {
  const [first = "", ...others] = inside.split(TURN);
  if (isTrue(condition) === wanted) return first;
  // Between the sides stand the conditions of the later ones; `else` has none.
  for (let at = 0; at < others.length; at += 2) {
    const given = others[at];
    if (given === undefined || isTrue(given)) return others[at + 1] ?? "";
  }
  return "";
}

function holds(condition: string, values: Values): boolean {
  return condition
    .split(/\s+or\s+/)
    .some((any) => any.split(/\s+and\s+/).every((each) => isTrue(each, values)));
}

function isTrue(comparison: string, values: Values): boolean {
  const [, name = "", operator, quoted = ""] =
    /^([\w.]+)\s*(?:(==|!=|>=|<=|>|<|contains)\s*(.+))?$/.exec(comparison.trim()) ?? [];
  const value = values[name] ?? "";
  const other = quoted.replace(/^(["'])(.*)\1$/, "$2");
  const difference = numberOf(value) - numberOf(other);
  switch (operator) {
    case undefined:
      return value !== "";
    case "==":
      return value === other;
    case "!=":
      return value !== other;
    case "contains":
      return value.includes(other);
    default:
      return operator.startsWith(">")
        ? difference > 0 || (operator === ">=" && difference === 0)
        : difference < 0 || (operator === "<=" && difference === 0);
  }
}

function numberOf(text: string): number {
  return Number(text.replaceAll(",", "") || Number.NaN);
}
