/** Versions of a message that are tested against each other. What a version does not say, the step says. */

import { isRecord } from "@/format/json";
import { type Config, textOf } from "../stepValues";

export type Variant = Config;

export function variantsOf(config: Config): Variant[] {
  return Array.isArray(config.variants) ? config.variants.filter(isRecord) : [];
}

export const nameOfVariant = (variant: Variant) => textOf(variant, "name");

export const weightOf = (variant: Variant) =>
  typeof variant.weight === "number" ? variant.weight : variant.weight === "" ? 0 : 1;

/** The configuration with two versions, both as the message is. */
export function startTest(config: Config): Config {
  return {
    ...config,
    variants: [
      { name: "A", weight: 1 },
      { name: "B", weight: 1 },
    ],
  };
}

/** With one more version, which begins as the message is. */
export function addVariant(config: Config): Config {
  const variants = variantsOf(config);
  const taken = new Set(variants.map((each) => nameOfVariant(each).toLowerCase()));
  const name = [..."ABCDEFGHIJKLMNOP"].find((letter) => !taken.has(letter.toLowerCase()));
  const weight = Math.max(1, Math.round(mean(variants.map(weightOf))));
  return { ...config, variants: [...variants, { name: name ?? "New", weight }] };
}

/** Without that version. Where one is left the test is over, and it becomes the message. */
export function removeVariant(config: Config, at: number): Config {
  const left = variantsOf(config).toSpliced(at, 1);
  const [last] = left;
  return left.length > 1 || !last ? { ...config, variants: left } : keepVariant(config, last);
}

/** The version as the message, without a test. */
export function keepVariant(config: Config, variant: Variant): Config {
  const { variants: _, metric: __, choose_winner: ___, ...rest } = config;
  const { name: ____, weight: _____, ...content } = variant;
  const isOwn = Object.keys(content).length > 0;
  // A message template goes without content beside it.
  const { template_id, ...own } = rest;
  return isOwn && template_id ? { ...own, ...content } : { ...rest, ...content };
}

export function withVariant(config: Config, at: number, changes: Config): Config {
  const variants = variantsOf(config);
  const variant = variants[at];
  return variant ? { ...config, variants: variants.with(at, { ...variant, ...changes }) } : config;
}

/** Whole percents that add up to 100, by the largest remainders. */
export function sharesOf(variants: readonly Variant[]): number[] {
  const weights = variants.map(weightOf);
  const sum = weights.reduce((total, each) => total + each, 0);
  if (sum <= 0) return weights.map(() => 0);
  const exact = weights.map((each) => (each / sum) * 100);
  const shares = exact.map(Math.floor);
  const missing = 100 - shares.reduce((total, each) => total + each, 0);
  const byRemainder = exact
    .map((each, at) => [each - Math.floor(each), at] as const)
    .sort(([one], [other]) => other - one);
  for (const [, at] of byRemainder.slice(0, missing)) shares[at] = (shares[at] ?? 0) + 1;
  return shares;
}

/** "A gets 60 %, B gets 40 %." */
export function describeShares(variants: readonly Variant[]): string {
  const shares = sharesOf(variants);
  if (shares.every((share) => share === 0))
    return "Nobody gets a version: one share at least must be more than 0.";
  const said = variants.map((variant, at) => {
    const share = shares[at] ?? 0;
    return `${nameOfVariant(variant) || "?"} goes to ${share === 0 && weightOf(variant) === 0 ? "nobody" : `${share} %`}`;
  });
  return `${said.join(", ")}.`;
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0) / (numbers.length || 1);
}
