import { Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useRef, useState } from "react";
import type { Campaign, Step } from "@/api/types";
import { confirm } from "@/ui/confirm";
import { showProblem } from "@/ui/forms";
import { type Edit, Ids, opposite, perform } from "./edits";
import { did, didAgain, type History, NOTHING_DONE, tookBack } from "./history";
import { questionFor } from "./questions";
import { foresee, serverOf } from "./server";

export interface Edits {
  /** Do it; whether it was done. */
  run(edit: Edit): Promise<boolean>;
  /** Take note of what the editor has done. */
  note(edit: Edit): void;
  /** Undefined where there is nothing to take back, or to do again. */
  undo: (() => Promise<boolean>) | undefined;
  redo: (() => Promise<boolean>) | undefined;
  isBusy: boolean;
}

/** Edits of a campaign's steps, one after the other, with undo and redo; asks where people are concerned. */
export function useEdits(campaign: Campaign, steps: readonly Step[]): Edits {
  const [history, setHistory] = useState<History<Edit>>(NOTHING_DONE);
  const [ids] = useState(() => new Ids());
  const isRunning = useRef(false);
  const { mutateAsync, isPending } = useMutation({
    mutationFn: (edit: Edit) => perform(edit, serverOf(campaign.id), ids),
  });

  async function carryOut(edit: Edit): Promise<boolean> {
    if (isRunning.current) return false;
    isRunning.current = true;
    try {
      if (!(await isWanted(edit, campaign, steps, ids))) return false;
      await mutateAsync(edit);
      return true;
    } catch (error) {
      showProblem(error);
      return false;
    } finally {
      isRunning.current = false;
    }
  }

  async function carryOutAnd(edit: Edit, noted: (before: History<Edit>) => History<Edit>) {
    const isDone = await carryOut(edit);
    if (isDone) setHistory(noted);
    return isDone;
  }

  const last = history.done.at(-1);
  const next = history.undone.at(-1);
  return {
    run: (edit) => carryOutAnd(edit, (before) => did(before, edit)),
    note: (edit) => setHistory((before) => did(before, edit)),
    undo: last && (() => carryOutAnd(opposite(last), tookBack)),
    redo: next && (() => carryOutAnd(next, didAgain)),
    isBusy: isPending,
  };
}

/** Whether to go on: asked only where it means something to somebody. */
async function isWanted(
  edit: Edit,
  { id, status }: Campaign,
  steps: readonly Step[],
  ids: Ids,
): Promise<boolean> {
  const effect = status === "draft" ? null : await foresee(edit, id, ids);
  const question = questionFor(edit, effect, steps);
  if (!question) return true;
  return confirm({
    title: question.title,
    says: (
      <Stack gap="xs">
        {question.says.map((line) => (
          <Text key={line} size="sm">
            {line}
          </Text>
        ))}
      </Stack>
    ),
    yes: question.yes,
    danger: edit.kind === "remove",
  });
}
