import { ActionBar, Button, Text } from "@mantine/core";
import { IconArrowRight, IconDoorExit, IconPlayerPause, IconPlayerPlay } from "@tabler/icons-react";
import { useState } from "react";
import type { Campaign, Step } from "@/api/types";
import { formatCount } from "@/format/format";
import { BulkDialog } from "./BulkDialog";
import type { Action, Filter } from "./gather";
import { NOBODY, type Selection } from "./selection";

interface Props {
  campaign: Campaign;
  steps: Step[];
  filter: Filter;
  /** How many the filter finds, of any status. */
  total: number;
  selection: Selection;
  onSelect: (selection: Selection) => void;
}

const BUTTONS = [
  { action: "pause", label: "Pause", icon: IconPlayerPause },
  { action: "resume", label: "Resume", icon: IconPlayerPlay },
  { action: "move", label: "Move", icon: IconArrowRight },
  { action: "exit", label: "Take out", icon: IconDoorExit },
] as const;

/** How many are chosen, and what can be done to all of them. */
export function BulkBar({ campaign, steps, filter, total, selection, onSelect }: Props) {
  const [action, setAction] = useState<Action | null>(null);
  const isAny = selection === "all" || selection.size > 0;
  return (
    <>
      <ActionBar
        opened={isAny && action === null}
        onClose={() => onSelect(NOBODY)}
        closeOnEscape
        aria-label="What to do with those who are chosen"
        maw="calc(100vw - 1rem)"
        style={{ flexWrap: "wrap", justifyContent: "center" }}
      >
        <Text size="sm" fw={600} px="xs" style={{ whiteSpace: "nowrap" }} aria-live="polite">
          {selection === "all"
            ? `All ${formatCount(total)} chosen`
            : `${formatCount(selection.size)} chosen`}
        </Text>
        {selection !== "all" && selection.size < total && (
          <Button size="compact-sm" variant="subtle" onClick={() => onSelect("all")}>
            Choose all {formatCount(total)} that fit
          </Button>
        )}
        <ActionBar.Divider />
        {BUTTONS.map(({ action, label, icon: Icon }) => (
          <Button
            key={action}
            size="compact-sm"
            variant="default"
            leftSection={<Icon size={14} />}
            onClick={() => setAction(action)}
          >
            {label}
          </Button>
        ))}
        <ActionBar.CloseButton aria-label="Choose nobody" />
      </ActionBar>
      {action && (
        <BulkDialog
          campaign={campaign}
          steps={steps}
          filter={filter}
          selection={selection}
          action={action}
          onClose={(isDone) => {
            setAction(null);
            if (isDone) onSelect(NOBODY);
          }}
        />
      )}
    </>
  );
}
