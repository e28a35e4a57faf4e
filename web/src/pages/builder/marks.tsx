/** What stands between the cards: the places to add a step, the sides of a branch, jumps and the end. */

import { UnstyledButton } from "@mantine/core";
import { IconCornerDownRight, IconFlag, IconPlus } from "@tabler/icons-react";
import { memo } from "react";
import { stepTitle } from "@/format/steps";
import { useActions, useMoving } from "./actions";
import styles from "./builder.module.css";
import type { Definition, Place } from "./flow";

/** A "+": adds a step there, or takes the one that is being moved. */
export const AddMark = memo(function AddMark(props: { id: string; place: Place; where: string }) {
  const { mayEdit, openAdd, moveTo } = useActions();
  const moving = useMoving();
  if (!mayEdit) return null;
  if (!moving)
    return (
      <UnstyledButton
        className={`${styles.add} nodrag nopan`}
        aria-label={`Add a step ${props.where}`}
        aria-haspopup="menu"
        onClick={(event) => openAdd(props.place, event.currentTarget)}
      >
        <IconPlus size={16} stroke={2} aria-hidden />
      </UnstyledButton>
    );
  if (!moving.destinations.has(props.id)) return null;
  return (
    <UnstyledButton
      className={`${styles.destination} nodrag nopan`}
      data-over={moving.over === props.id || undefined}
      aria-label={`Move here, ${props.where}`}
      onClick={() => moveTo(props.place)}
    >
      Move here
    </UnstyledButton>
  );
});

export const SideMark = memo(function SideMark({ word }: { word: string }) {
  return (
    <div className={styles.side} data-word={word}>
      {word}
    </div>
  );
});

/** "Goes on at …", and the way there. */
export const JumpMark = memo(function JumpMark({ target }: { target: Definition | undefined }) {
  const { goTo } = useActions();
  if (!target) return <div className={styles.jump}>Goes to a step that was deleted</div>;
  const title = stepTitle(target);
  return (
    <UnstyledButton
      className={`${styles.jump} nodrag`}
      title={title}
      onClick={() => goTo(target.id)}
    >
      <IconCornerDownRight size={14} aria-hidden /> <span>Goes on at {title}</span>
    </UnstyledButton>
  );
});

export function EndMark() {
  return (
    <div className={styles.end}>
      <IconFlag size={14} aria-hidden /> End
    </div>
  );
}
