/** E-mail addresses and phone numbers out of a text that somebody pastes. */

export interface Addresses {
  emails: string[];
  /** As +13035550141. */
  phones: string[];
  /** What is neither. */
  unreadable: string[];
}

/** One a line, or parted by commas or semicolons; `Ann Lee <ann@home.example>` is an address too. */
export function readAddresses(text: string): Addresses {
  const emails = new Set<string>();
  const phones = new Set<string>();
  const unreadable: string[] = [];
  for (const part of text.split(/[\n,;\t]+/)) {
    const line = part.trim();
    const email = /[^\s<>"()]+@[^\s<>"()]+\.[^\s<>"()]+/.exec(line)?.[0].toLowerCase();
    const phone = email ? null : phoneIn(line);
    if (email) emails.add(email);
    else if (phone) phones.add(phone);
    else if (line) unreadable.push(line);
  }
  return { emails: [...emails], phones: [...phones], unreadable };
}

function phoneIn(line: string): string | null {
  if (!/^\+?[\d\s().-]+$/.test(line)) return null;
  const digits = line.replace(/\D/g, "");
  if (digits.length === 10) return `+1${digits}`;
  return digits.length > 10 && digits.length <= 15 ? `+${digits}` : null;
}

const MOST = 500;

/** Conditions that find them, each with as many values as one takes. */
export function filtersFor({ emails, phones }: Addresses): object[] {
  return [
    ...pieces(emails).map((value) => ({ field: "contact.email", operator: "in", value })),
    ...pieces(phones).map((value) => ({ field: "contact.phone", operator: "in", value })),
  ];
}

function pieces(values: string[]): string[][] {
  return Array.from({ length: Math.ceil(values.length / MOST) }, (_, index) =>
    values.slice(index * MOST, (index + 1) * MOST),
  );
}
