import { ActionIcon, Tooltip } from "@mantine/core";
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconFocusCentered,
  IconMinus,
  IconPlus,
} from "@tabler/icons-react";
import { Panel, useReactFlow } from "@xyflow/react";
import type { ReactNode } from "react";
import styles from "./builder.module.css";
import type { Edits } from "./useEdits";

/** Undo and redo, and how near the canvas is. */
export function Tools({ edits, mayEdit }: { edits: Edits; mayEdit: boolean }) {
  const { zoomIn, zoomOut, fitView } = useReactFlow();
  const { undo, redo } = edits;
  return (
    <>
      {mayEdit && (
        <Panel position="top-left" className={styles.tools}>
          <Tool label="Undo" keys="Ctrl+Z" onClick={undo}>
            <IconArrowBackUp size={18} />
          </Tool>
          <Tool label="Redo" keys="Ctrl+Shift+Z" onClick={redo}>
            <IconArrowForwardUp size={18} />
          </Tool>
        </Panel>
      )}
      <Panel position="bottom-left" className={styles.tools}>
        <Tool label="Zoom out" onClick={() => zoomOut({ duration: 150 })}>
          <IconMinus size={18} />
        </Tool>
        <Tool label="Zoom in" onClick={() => zoomIn({ duration: 150 })}>
          <IconPlus size={18} />
        </Tool>
        <Tool
          label="Show all of it"
          onClick={() => fitView({ duration: 250, padding: 0.06, maxZoom: 1 })}
        >
          <IconFocusCentered size={18} />
        </Tool>
      </Panel>
    </>
  );
}

function Tool(props: {
  label: string;
  keys?: string;
  onClick: (() => unknown) | undefined;
  children: ReactNode;
}) {
  const { label, keys, onClick } = props;
  return (
    <Tooltip label={keys ? `${label} (${keys})` : label} openDelay={400}>
      <ActionIcon
        variant="subtle"
        color="gray.8"
        size="lg"
        aria-label={label}
        disabled={!onClick}
        onClick={onClick}
      >
        {props.children}
      </ActionIcon>
    </Tooltip>
  );
}
