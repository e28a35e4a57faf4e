import { useReactFlow, useStoreApi } from "@xyflow/react";
import { useEffect, useState } from "react";
import type { Picture } from "./layout";
import { isSeen } from "./view";

const LEAST_ZOOM = 0.8;

/** Put the focus on a step, also one that is only about to be there; into the middle if it is not seen. */
export function useGoTo(picture: Picture): (stepId: string) => void {
  const { setCenter, getViewport } = useReactFlow();
  const store = useStoreApi();
  // An object, so that going to the same step twice goes twice.
  const [wanted, setWanted] = useState<{ id: string } | null>(null);
  useEffect(() => {
    const item = wanted && picture.items.find(({ id }) => id === wanted.id);
    if (!item) return;
    setWanted(null);
    const viewport = getViewport();
    const zoom = Math.max(LEAST_ZOOM, viewport.zoom);
    if (!isSeen(item, viewport, store.getState()))
      setCenter(item.x + item.width / 2, item.y + item.height / 2, { zoom, duration: 250 });
    document.getElementById(`step-${item.id}`)?.focus({ preventScroll: true });
  }, [wanted, picture, setCenter, getViewport, store]);
  return (id) => setWanted({ id });
}
