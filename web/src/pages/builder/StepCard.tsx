import { ActionIcon, ThemeIcon, UnstyledButton } from "@mantine/core";
import { IconAlertTriangle, IconClock, IconDots } from "@tabler/icons-react";
import { type KeyboardEvent, memo } from "react";
import type { Step } from "@/api/types";
import { StepIcon } from "@/ui/StepIcon";
import { useActions, useMoving } from "./actions";
import styles from "./builder.module.css";
import type { Card } from "./cards";
import { colorOf } from "./kinds";

/** A step on the canvas: when it comes, what it says, how many are there, and what is to be mended. */
export const StepCard = memo(function StepCard({ card }: { card: Card }) {
  const { step, delay, counts, problems } = card;
  const { mayEdit, openMenu } = useActions();
  const isMoving = useMoving()?.step.id === step.id;
  return (
    <div className={styles.stack}>
      {delay && (
        <div className={styles.delay}>
          <IconClock size={14} aria-hidden /> {delay}
        </div>
      )}
      <div
        className={styles.card}
        data-problem={problems.length > 0 || undefined}
        data-moving={isMoving || undefined}
      >
        <Head card={card} />
        {mayEdit && (
          <ActionIcon
            className={`${styles.menu} nodrag`}
            variant="subtle"
            color="gray.7"
            size="sm"
            aria-label={`Menu of ${card.title}: ${card.says}`}
            aria-haspopup="menu"
            onClick={(event) => openMenu(step, event.currentTarget)}
          >
            <IconDots size={16} />
          </ActionIcon>
        )}
        {counts.length > 0 && (
          <ul className={styles.counts} aria-label="So far">
            {counts.map(({ of, text }) => (
              <li key={of} data-of={of}>
                {text}
              </li>
            ))}
          </ul>
        )}
        {problems.length > 0 && (
          <ul className={styles.problems} aria-label="To mend">
            {problems.map((problem) => (
              <li key={problem} title={problem}>
                <IconAlertTriangle size={14} aria-hidden /> <span>{problem}</span>
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
});

function Head({ card }: { card: Card }) {
  const { step, title, says, lines, more, test } = card;
  const { mayEdit, open, ...actions } = useActions();
  const content = (
    <>
      <span className={styles.title}>
        <ThemeIcon size={22} radius="sm" variant="light" color={colorOf(step.step_type)}>
          <StepIcon type={step.step_type} size={14} />
        </ThemeIcon>
        {title}
        {test && (
          <span className={styles.test} data-over={test.isOver || undefined}>
            {test.label}
          </span>
        )}
      </span>
      {says && (
        <span className={styles.says} title={says} style={{ WebkitLineClamp: lines }}>
          {says}
        </span>
      )}
      {more && <span className={styles.more}>{more}</span>}
    </>
  );
  return (
    <UnstyledButton
      id={`step-${step.id}`}
      className={styles.head}
      onClick={() => open(step)}
      {...(mayEdit && {
        onKeyDown: (event: KeyboardEvent) => onKey(event, step, actions),
        "aria-keyshortcuts": "Alt+ArrowUp Alt+ArrowDown Delete",
      })}
    >
      {content}
    </UnstyledButton>
  );
}

function onKey(
  event: KeyboardEvent,
  step: Step,
  actions: Pick<ReturnType<typeof useActions>, "moveUp" | "moveDown" | "remove">,
): void {
  const action =
    event.key === "Delete"
      ? actions.remove
      : event.altKey && event.key === "ArrowUp"
        ? actions.moveUp
        : event.altKey && event.key === "ArrowDown"
          ? actions.moveDown
          : null;
  if (!action) return;
  event.preventDefault();
  action(step);
}
