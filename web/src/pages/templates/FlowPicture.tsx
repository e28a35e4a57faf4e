import { useElementSize } from "@mantine/hooks";
import { IconBolt } from "@tabler/icons-react";
import { useMemo } from "react";
import type { Step } from "@/api/types";
import { useVocabulary } from "@/conditions/useVocabulary";
import { type Actions, ActionsContext } from "@/pages/builder/actions";
import styles from "@/pages/builder/builder.module.css";
import { cardOf, heightOf } from "@/pages/builder/cards";
import { type Item, layOut, pathOf } from "@/pages/builder/layout";
import { EndMark, JumpMark, SideMark } from "@/pages/builder/marks";
import { StepCard } from "@/pages/builder/StepCard";

interface Props {
  steps: readonly Step[];
  /** What starts it. */
  lines: readonly string[];
}

/** Below this nobody can read the cards: rather it is scrolled. */
const LEAST_TO_READ = 0.72;
const START_LINE = 20;

/** The flow as the builder draws it, to be looked at only. */
export function FlowPicture({ steps, lines }: Props) {
  const vocabulary = useVocabulary();
  const { ref, width } = useElementSize();
  const cards = useMemo(
    () => new Map(steps.map((step) => [step.id, cardOf(step, [], vocabulary)])),
    [steps, vocabulary],
  );
  const picture = useMemo(() => {
    const height = (step: Step) => {
      const card = cards.get(step.id);
      return card ? heightOf(card) : 0;
    };
    return layOut(steps, height, 40 + START_LINE * lines.length);
  }, [steps, cards, lines.length]);
  const whole = picture.right - picture.left;
  const scale = Math.min(1, Math.max(LEAST_TO_READ, width / whole));

  function contentOf(item: Item<Step>) {
    const card = cards.get(item.id);
    switch (item.kind) {
      case "start":
        return <Start lines={lines} />;
      case "end":
        return <EndMark />;
      case "side":
        return <SideMark word={item.word} />;
      case "jump":
        return <JumpMark target={item.target} />;
      case "step":
        return card && <StepCard card={card} />;
      case "add":
        return null;
    }
  }

  return (
    <ActionsContext value={LOOKING}>
      <section
        ref={ref}
        aria-label="The steps of the template"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what is cut off at the side can be scrolled to by keys
        tabIndex={0}
        style={{ overflowX: "auto" }}
      >
        <div
          style={{
            position: "relative",
            width: whole * scale,
            height: picture.bottom * scale,
            margin: "0 auto",
          }}
        >
          <div
            style={{
              position: "absolute",
              transformOrigin: "0 0",
              transform: `scale(${scale}) translateX(${-picture.left}px)`,
            }}
          >
            <svg className={styles.lines} width={1} height={1} aria-hidden="true">
              {picture.lines.map(({ id, kind, points }) => (
                <path key={id} data-kind={kind} d={pathOf(points)} />
              ))}
            </svg>
            {picture.items.map((item) => (
              <div
                key={item.id}
                style={{
                  position: "absolute",
                  left: item.x,
                  top: item.y,
                  width: item.width,
                  height: item.height,
                }}
              >
                {contentOf(item)}
              </div>
            ))}
          </div>
        </div>
      </section>
    </ActionsContext>
  );
}

function Start({ lines }: Pick<Props, "lines">) {
  return (
    <div className={styles.start}>
      <span className={styles.startTitle}>
        <IconBolt size={16} aria-hidden /> Starts
      </span>
      {lines.map((line) => (
        <span key={line} className={styles.startLine} title={line}>
          {line}
        </span>
      ))}
    </div>
  );
}

const LOOKING: Actions = {
  mayEdit: false,
  open: () => {},
  openMenu: () => {},
  openAdd: () => {},
  moveUp: () => {},
  moveDown: () => {},
  remove: () => {},
  moveTo: () => {},
  goTo: (stepId) => document.getElementById(`step-${stepId}`)?.focus(),
};
