/** What the parts of the canvas can do, and what is going on there: handed to them all at once. */

import { createContext, useContext } from "react";
import type { Step } from "@/api/types";
import type { Place } from "./flow";

export interface Actions {
  mayEdit: boolean;
  open(step: Step): void;
  /** Open the menu of a step at its button. */
  openMenu(step: Step, at: HTMLElement): void;
  /** Open the menu of what can be added, at the button of the place. */
  openAdd(place: Place, at: HTMLElement): void;
  moveUp(step: Step): void;
  moveDown(step: Step): void;
  remove(step: Step): void;
  /** Bring a step into sight. */
  goTo(stepId: string): void;
  /** Put the step that is being moved there. */
  moveTo(place: Place): void;
}

/** The step that is being moved, by the mouse or by choosing, and where it may go. */
export interface Moving {
  step: Step;
  isDragged: boolean;
  destinations: ReadonlySet<string>;
  /** The place above which it is held. */
  over: string | null;
}

export const ActionsContext = createContext<Actions | null>(null);
export const MovingContext = createContext<Moving | null>(null);

export function useActions(): Actions {
  const actions = useContext(ActionsContext);
  if (!actions) throw new Error("is outside of the builder");
  return actions;
}

export function useMoving(): Moving | null {
  return useContext(MovingContext);
}
