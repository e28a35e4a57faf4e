/** What is on a step's card, and how high it is: the layout needs that before it is drawn. */

import type { Schemas } from "@/api/client";
import type { Step } from "@/api/types";
import { formatCount } from "@/format/format";
import type { Vocabulary } from "@/format/names";
import { STEP_TYPES } from "@/format/words";
import { sayDelay, sayMore, sayStep, sayTest } from "./says";

type Problem = Schemas["ReadinessProblem"];

export interface Card {
  step: Step;
  title: string;
  says: string;
  /** On how many lines it is said, the rest cut off. */
  lines: number;
  more: string | null;
  delay: string | null;
  test: { label: string; isOver: boolean } | null;
  counts: readonly Count[];
  problems: readonly string[];
}

export interface Count {
  of: "waiting" | "done" | "failed" | "skipped" | "unknown";
  text: string;
}

/** How high the parts of a card are, as its style has them. */
export const HEIGHTS = { delay: 34, padding: 24, title: 24, line: 20, counts: 26, problem: 20 };
const PER_LINE = { says: 37, problem: 38 };

export function cardOf(
  step: Step,
  problems: readonly Problem[],
  vocabulary: Vocabulary | undefined,
): Card {
  const says = sayStep(step, vocabulary);
  return {
    step,
    title: STEP_TYPES[step.step_type],
    says,
    lines: linesOf(says, PER_LINE.says, 2),
    more: sayMore(step),
    delay: sayDelay(step),
    test: sayTest(step),
    counts: countsOf(step),
    problems: problems.filter(({ step_id }) => step_id === step.id).map(sayProblem),
  };
}

/** How high a card is, with the delay above it. */
export function heightOf(card: Card): number {
  const lines = card.lines + (card.more ? 1 : 0);
  const problemLines = card.problems.reduce(
    (sum, each) => sum + linesOf(each, PER_LINE.problem, 3),
    0,
  );
  return (
    (card.delay ? HEIGHTS.delay : 0) +
    HEIGHTS.padding +
    HEIGHTS.title +
    lines * HEIGHTS.line +
    (card.counts.length > 0 ? HEIGHTS.counts : 0) +
    (problemLines > 0 ? problemLines * HEIGHTS.problem + 8 : 0)
  );
}

/** A problem in the words of the pages; the API's own words name steps by their types. */
export function sayProblem(problem: Problem): string {
  const setting = problem.field?.replace("settings.", "").replaceAll("_", " ");
  switch (problem.code) {
    case "missing_setting":
      return `The ${setting} that it uses is empty in the settings.`;
    case "cycle":
      return "From here the campaign would go round for ever.";
    default:
      return problem.detail;
  }
}

/** Those that are not zero; none before anybody has come. */
function countsOf(step: Step): Count[] {
  const counts: Count[] = [
    { of: "waiting", text: `${formatCount(step.waiting)} waiting` },
    { of: "done", text: `${formatCount(step.done)} done` },
    { of: "failed", text: `${formatCount(step.failed)} failed` },
    { of: "skipped", text: `${formatCount(step.skipped)} skipped` },
    { of: "unknown", text: `${formatCount(step.unknown)} unknown` },
  ];
  return counts.filter(({ of }) => step[of] > 0);
}

function linesOf(text: string, perLine: number, most: number): number {
  return Math.min(most, Math.ceil(text.length / perLine));
}
