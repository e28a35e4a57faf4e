import { useBlocker } from "@tanstack/react-router";
import { useRef } from "react";
import { confirm } from "@/ui/confirm";

/** Keeps whoever has written something from losing it by a slip; answers what asks, and whether they may go. */
export function useLeave(isDirty: boolean, says: string): () => Promise<boolean> {
  const isAsking = useRef(false);
  const mayLeave = async () => {
    if (!isDirty) return true;
    if (isAsking.current) return false;
    isAsking.current = true;
    const leaves = await confirm({
      title: "Leave without saving?",
      says,
      yes: "Leave",
      danger: true,
    });
    isAsking.current = false;
    return leaves;
  };
  useBlocker({
    shouldBlockFn: async () => !(await mayLeave()),
    enableBeforeUnload: isDirty,
    disabled: !isDirty,
  });
  return mayLeave;
}
