/** What part of the canvas is looked at. */

import type { ReactFlowInstance, Viewport } from "@xyflow/react";
import type { Picture } from "./layout";

type View = Pick<ReactFlowInstance, "getViewport" | "setViewport">;

const MARGIN = 24;
/**
 * How the flow is begun with on a wide screen and on a narrow one, where the tools lie above the trunk: below `zoom` nobody
 * can read the cards, rather the sides are cut off.
 */
const WIDE = { zoom: 0.7, y: MARGIN };
const NARROW = { zoom: 0.9, y: 72, width: 560 };

/** The beginning of the flow, the trunk in the middle unless a side would be cut off that need not be. */
export function firstView(
  { left, right }: Pick<Picture, "left" | "right">,
  width: number,
): Viewport {
  const least = width < NARROW.width ? NARROW : WIDE;
  const fitting = Math.min(1, (width - 2 * MARGIN) / (right - left));
  const middle = width / 2;
  if (fitting < least.zoom) return { x: middle, y: least.y, zoom: least.zoom };
  const [from, to] = [middle + left * fitting, middle + right * fitting];
  return { x: middle + shift(from, to, MARGIN, width - MARGIN), y: least.y, zoom: fitting };
}

/** Move the canvas so far that an element on it is seen whole. */
export function bringIntoView(view: View, frame: Element | null, element: Element | null): void {
  const mark = element?.closest(".react-flow__node");
  if (!frame || !mark) return;
  const seen = frame.getBoundingClientRect();
  const box = mark.getBoundingClientRect();
  const dx = shift(box.left, box.right, seen.left + MARGIN, seen.right - MARGIN);
  const dy = shift(box.top, box.bottom, seen.top + MARGIN, seen.bottom - MARGIN);
  if (dx === 0 && dy === 0) return;
  const { x, y, zoom } = view.getViewport();
  view.setViewport({ x: x + dx, y: y + dy, zoom }, { duration: 200 });
}

/** How far what reaches from `from` to `to` must go to be between two limits; its beginning before its end. */
export function shift(from: number, to: number, least: number, most: number): number {
  if (from < least) return least - from;
  return to > most ? Math.max(most - to, least - from) : 0;
}

/** Whether all of a box on the canvas is in the part that is looked at. */
export function isSeen(
  box: { x: number; y: number; width: number; height: number },
  { x, y, zoom }: Viewport,
  frame: { width: number; height: number },
): boolean {
  const [left, top] = [box.x * zoom + x, box.y * zoom + y];
  return (
    left >= 0 &&
    top >= 0 &&
    left + box.width * zoom <= frame.width &&
    top + box.height * zoom <= frame.height
  );
}
