import { Button, Group, Text } from "@mantine/core";
import { Panel } from "@xyflow/react";
import { stepTitle } from "@/format/steps";
import type { Moving } from "./actions";
import styles from "./builder.module.css";

/** Says that a place is to be chosen for a step. */
export function MovingBar({ moving, onCancel }: { moving: Moving; onCancel: () => void }) {
  if (moving.isDragged) return null;
  return (
    <Panel position="bottom-center" className={styles.movingBar}>
      <Group className={styles.tools} wrap="nowrap" px="sm" gap="sm" role="status">
        <Text size="sm" lineClamp={1}>
          Where to move “{stepTitle(moving.step)}”?
        </Text>
        <Button flex="none" size="compact-sm" variant="default" onClick={onCancel}>
          Cancel
        </Button>
      </Group>
    </Panel>
  );
}
