/** What stands in the address of a page, by whoever wrote it. */

const LONGEST = 100;

/** What looks like a number or a truth in an address was typed as a text. */
export function textOf(value: unknown): string {
  return ["string", "number", "boolean"].includes(typeof value)
    ? String(value).slice(0, LONGEST)
    : "";
}

/** The page of a list; nothing for the first one. */
export function pageOf({ page }: Record<string, unknown>): { page?: number } {
  const number = Number(page);
  return Number.isInteger(number) && number > 1 ? { page: number } : {};
}
