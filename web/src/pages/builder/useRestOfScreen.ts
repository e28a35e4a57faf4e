import { useViewportSize } from "@mantine/hooks";
import { useLayoutEffect, useRef, useState } from "react";

const BELOW = 16;
const LEAST = 460;

/** The height that is left for an element from its upper edge to the end of the screen. */
export function useRestOfScreen() {
  const ref = useRef<HTMLDivElement>(null);
  const [height, setHeight] = useState(LEAST);
  const { height: screen } = useViewportSize();
  useLayoutEffect(() => {
    const top = ref.current?.getBoundingClientRect().top ?? 0;
    setHeight(Math.max(LEAST, (screen || window.innerHeight) - top - window.scrollY - BELOW));
  }, [screen]);
  return { ref, height };
}
