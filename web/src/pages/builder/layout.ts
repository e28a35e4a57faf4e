/**
 * Where everything stands on the canvas: the trunk from top to bottom around x = 0, the branches of a conditional side
 * by side below it, and what follows where they meet again. Pure: steps and the heights of their cards in, boxes and
 * lines out.
 */

import { type Branch, type Definition, inList, type List, type Place, SIDES, TRUNK } from "./flow";

export const CARD_WIDTH = 280;
export const ADD_SIZE = 26;
const START_HEIGHT = 56;
const END = { width: 72, height: 30 };
const SIDE = { width: 48, height: 24 };
const JUMP = { width: 216, height: 34 };
/** Between two cards; the way to add a step is in the middle of it. */
const STEM = 58;
/** From a conditional down to the names of its sides, and from the longer branch to where both meet. */
const FORK = 32;
const MEET = 14;
const BETWEEN_BRANCHES = 40;
/** How far a jump keeps from what it goes round, and jumps from each other; it arrives above the lower edge of a card. */
const LANE = 22;
const NEXT_LANE = 10;
const ARRIVAL = 30;

interface Box {
  id: string;
  x: number;
  y: number;
  width: number;
  height: number;
}

/** What stands on the canvas. `x` and `y` are the left upper corner. */
export type Item<Each extends Definition = Definition> = Box &
  (
    | { kind: "start" | "end" }
    | { kind: "step"; step: Each }
    | { kind: "add"; place: Place }
    | { kind: "side"; word: string }
    /** The side of a conditional that goes on at another step. */
    | { kind: "jump"; step: Each; branch: Branch; target: Each | undefined }
  );

export type Point = readonly [x: number, y: number];

/** A way that the walk takes, by right angles. */
export interface Line {
  id: string;
  kind: "walk" | "jump";
  points: readonly Point[];
}

export interface Picture<Each extends Definition = Definition> {
  /** In the order in which people read them. */
  items: Item<Each>[];
  lines: Line[];
  left: number;
  right: number;
  bottom: number;
}

/** How far a list reaches to both sides of its axis. */
interface Reach {
  left: number;
  right: number;
}

/** Lay the steps of a campaign out. `heightOf` is the height of a step's card, with its delay. */
export function layOut<Each extends Definition>(
  steps: readonly Each[],
  heightOf: (step: Each) => number,
  startHeight = START_HEIGHT,
): Picture<Each> {
  const items: Item<Each>[] = [];
  const lines: Line[] = [];
  const byId = new Map(steps.map((step) => [step.id, step]));
  const reaches = reachesOf(steps);

  function add(item: Item<Each>): void {
    items.push(item);
  }

  /** Draw lines from where the walk comes from to the top of what is next. */
  function lead(from: readonly Point[], to: Point, meetAt: number): void {
    for (const [index, [x, y]] of from.entries())
      lines.push({
        id: `${to[0]},${to[1]},${index}`,
        kind: "walk",
        points: x === to[0] ? [[x, y], to] : [[x, y], [x, meetAt], [to[0], meetAt], to],
      });
  }

  /** Lay a list out below `top`; where it ends, and from where the walk leaves it. */
  function layList(
    list: List,
    axis: number,
    top: number,
    from: readonly Point[],
  ): { bottom: number; tails: readonly Point[] } {
    const listed = inList(steps, list);
    let y = top;
    let tails = from;
    for (let index = 0; index <= listed.length; index++) {
      const step = listed[index];
      // Where nobody comes and nothing is, nothing is to be added.
      if (!step && tails.length === 0) break;
      add({
        kind: "add",
        id: `add ${list.parentId ?? ""} ${list.branch ?? ""} ${index}`,
        place: { ...list, index },
        ...around(axis, y + (STEM - ADD_SIZE) / 2, ADD_SIZE, ADD_SIZE),
      });
      if (!step) {
        if (list.parentId !== null) y += STEM;
        break;
      }
      const meetAt = y;
      y += STEM;
      lead(tails, [axis, y], meetAt);
      const height = heightOf(step);
      add({ kind: "step", id: step.id, step, ...around(axis, y, CARD_WIDTH, height) });
      y += height;
      ({ bottom: y, tails } = after(step, axis, y));
    }
    return { bottom: y, tails };
  }

  /** Lay out what hangs below a step's card. */
  function after(step: Each, axis: number, bottom: number) {
    const end: Point = [axis, bottom];
    if (step.step_type === "exit_campaign") return { bottom, tails: [] };
    if (step.step_type !== "conditional") return { bottom, tails: [end] };
    const below = SIDES.map(({ branch, path, word }) => {
      const list = { parentId: step.id, branch };
      const reach = reaches(list);
      const x =
        branch === "true"
          ? axis - reach.right - BETWEEN_BRANCHES / 2
          : axis + reach.left + BETWEEN_BRANCHES / 2;
      const top = bottom + FORK;
      lead([end], [x, top], bottom + FORK / 2);
      add({
        kind: "side",
        id: `${step.id} ${branch}`,
        word,
        ...around(x, top, SIDE.width, SIDE.height),
      });
      const sideEnd = top + SIDE.height;
      if (step[path] === null) return layList(list, x, sideEnd, [[x, sideEnd]]);
      const jumpTop = sideEnd + MEET;
      lead([[x, sideEnd]], [x, jumpTop], jumpTop);
      add({
        kind: "jump",
        id: `${step.id} ${branch} jump`,
        step,
        branch,
        target: byId.get(step[path]),
        ...around(x, jumpTop, JUMP.width, JUMP.height),
      });
      return layList(list, x, jumpTop + JUMP.height, []);
    });
    return {
      bottom: Math.max(...below.map((side) => side.bottom)) + MEET,
      tails: below.flatMap((side) => side.tails),
    };
  }

  add({ kind: "start", id: "start", ...around(0, 0, CARD_WIDTH, startHeight) });
  const { bottom, tails } = layList(TRUNK, 0, startHeight, [[0, startHeight]]);
  if (tails.length > 0) {
    const top = bottom + STEM;
    lead(tails, [0, top], bottom);
    add({ kind: "end", id: "end", ...around(0, top, END.width, END.height) });
  }
  lines.push(...jumpsOf(items, lines));
  const xs = [
    ...items.flatMap(({ x, width }) => [x, x + width]),
    ...lines.flatMap(({ points }) => points.map(([x]) => x)),
  ];
  return {
    items,
    lines,
    left: Math.min(...xs),
    right: Math.max(...xs),
    bottom: Math.max(...items.map(({ y, height }) => y + height)),
  };
}

function around(axis: number, y: number, width: number, height: number) {
  return { x: axis - width / 2, y, width, height };
}

/** How far each list reaches, each measured once. */
function reachesOf(steps: readonly Definition[]): (list: List) => Reach {
  const known = new Map<string, Reach>();
  function measure(list: List): Reach {
    const reach = { left: CARD_WIDTH / 2, right: CARD_WIDTH / 2 };
    for (const step of inList(steps, list)) {
      if (step.step_type !== "conditional") continue;
      const [yes, no] = SIDES.map(({ branch }) => reachOf({ parentId: step.id, branch }));
      if (!yes || !no) continue;
      reach.left = Math.max(reach.left, yes.left + yes.right + BETWEEN_BRANCHES / 2);
      reach.right = Math.max(reach.right, no.left + no.right + BETWEEN_BRANCHES / 2);
    }
    return reach;
  }
  function reachOf(list: List): Reach {
    const key = `${list.parentId} ${list.branch}`;
    const found = known.get(key) ?? measure(list);
    known.set(key, found);
    return found;
  }
  return reachOf;
}

/** Jumps go round the outside of what is between, by the left from a "yes" and by the right from a "no". */
function jumpsOf<Each extends Definition>(
  items: readonly Item<Each>[],
  walk: readonly Line[],
): Line[] {
  const cards = new Map(items.flatMap((item) => (item.kind === "step" ? [[item.id, item]] : [])));
  const solid = [...items.filter(({ kind }) => kind === "step" || kind === "jump"), ...stems(walk)];
  const drawn = { true: 0, false: 0 };
  return items.flatMap((item): Line[] => {
    if (item.kind !== "jump" || !item.target) return [];
    const target = cards.get(item.target.id);
    if (!target) return [];
    const from = item.y + item.height / 2;
    const to = target.y + target.height - ARRIVAL;
    const between = solid.filter(
      ({ y, height }) => y < Math.max(from, to) && y + height > Math.min(from, to),
    );
    const offset = LANE + NEXT_LANE * drawn[item.branch]++;
    const [start, lane, end] =
      item.branch === "true"
        ? [item.x, Math.min(...between.map(({ x }) => x)) - offset, target.x]
        : [
            item.x + item.width,
            Math.max(...between.map(({ x, width }) => x + width)) + offset,
            target.x + target.width,
          ];
    const points: Point[] = [
      [start, from],
      [lane, from],
      [lane, to],
      [end, to],
    ];
    return [{ id: `${item.id} line`, kind: "jump", points }];
  });
}

/** The upright parts of lines, as boxes without a width. */
function stems(lines: readonly Line[]): Omit<Box, "id">[] {
  return lines.flatMap(({ points }) =>
    points.slice(1).flatMap(([x, y], index) => {
      const [beforeX, beforeY] = points[index] ?? [x, y];
      return beforeX === x ? [{ x, y: beforeY, width: 0, height: y - beforeY }] : [];
    }),
  );
}

const RADIUS = 10;

/** A line as the path of an SVG, its corners round. */
export function pathOf(points: readonly Point[]): string {
  return points
    .map(([x, y], index) => {
      const before = points[index - 1];
      const after = points[index + 1];
      if (!before) return `M${x},${y}`;
      if (!after) return `L${x},${y}`;
      const [inX, inY] = towards([x, y], before);
      const [outX, outY] = towards([x, y], after);
      return `L${inX},${inY}Q${x},${y} ${outX},${outY}`;
    })
    .join("");
}

/** The point at the beginning of a round corner, or halfway where there is no room. */
function towards([x, y]: Point, [toX, toY]: Point): Point {
  const length = Math.abs(toX - x) + Math.abs(toY - y);
  const share = length === 0 ? 0 : Math.min(RADIUS, length / 2) / length;
  return [x + (toX - x) * share, y + (toY - y) * share];
}
