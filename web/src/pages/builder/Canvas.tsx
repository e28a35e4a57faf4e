import "@xyflow/react/dist/base.css";
import { useMediaQuery } from "@mantine/hooks";
import {
  type Node,
  type NodeProps,
  type OnNodeDrag,
  ReactFlow,
  useReactFlow,
  ViewportPortal,
} from "@xyflow/react";
import { type FocusEvent, memo, type ReactNode, useMemo, useRef, useState } from "react";
import type { Step } from "@/api/types";
import { useMoving } from "./actions";
import styles from "./builder.module.css";
import type { Card } from "./cards";
import type { Place } from "./flow";
import { type Item, type Line, type Picture, pathOf } from "./layout";
import { AddMark, EndMark, JumpMark, SideMark } from "./marks";
import { StepCard } from "./StepCard";
import { bringIntoView, firstView } from "./view";

interface Props {
  picture: Picture<Step>;
  cards: ReadonlyMap<string, Card>;
  start: ReactNode;
  /** In words, for those who cannot see where a "+" is. */
  whereIs: (place: Place) => string;
  mayEdit: boolean;
  onLift: (step: Step) => void;
  /** The place above which the lifted step is held. */
  onHold: (over: string | null) => void;
  onLetGo: () => void;
  children: ReactNode;
}

type Mark = Node<{ content: ReactNode; item: Item<Step> }, "mark">;
interface Lifted {
  id: string;
  position: { x: number; y: number };
}

/** The flow as it is laid out, to be looked at from near and far; its cards can be lifted to another "+". */
export function Canvas(props: Props) {
  const { picture, mayEdit, onHold } = props;
  const frame = useRef<HTMLDivElement>(null);
  const view = useReactFlow();
  const moving = useMoving();
  const [lifted, setLifted] = useState<Lifted | null>(null);
  // On a touch screen a finger on a card moves the canvas; steps are moved by their menu.
  const hasMouse = useMediaQuery("(pointer: fine)", true) ?? true;
  const marks = useMarks(props, mayEdit && hasMouse);
  const nodes = useMemo(
    () => (lifted ? marks.flatMap(whereLifted(lifted)) : marks),
    [marks, lifted],
  );

  const hold: OnNodeDrag<Mark> = (event, mark) => {
    setLifted({ id: mark.id, position: mark.position });
    const { clientX, clientY } =
      "touches" in event ? (event.touches[0] ?? { clientX: 0, clientY: 0 }) : event;
    const pointer = view.screenToFlowPosition({ x: clientX, y: clientY });
    const over = nearest(picture.items, moving?.destinations, pointer);
    if (over !== moving?.over) onHold(over);
  };
  return (
    <div ref={frame} style={{ flex: 1, minHeight: 0 }}>
      <ReactFlow<Mark>
        className={styles.canvas}
        nodes={nodes}
        nodeTypes={NODE_TYPES}
        minZoom={0.15}
        maxZoom={1.25}
        defaultViewport={{ x: 0, y: 24, zoom: 1 }}
        onInit={(instance) =>
          frame.current && instance.setViewport(firstView(picture, frame.current.clientWidth))
        }
        nodesFocusable={false}
        nodesConnectable={false}
        elementsSelectable={false}
        nodesDraggable={false}
        nodeDragThreshold={5}
        disableKeyboardA11y
        deleteKeyCode={null}
        selectionKeyCode={null}
        panOnScroll
        zoomOnDoubleClick={false}
        onNodeDragStart={(_, { data }) => data.item.kind === "step" && props.onLift(data.item.step)}
        onNodeDrag={hold}
        onNodeDragStop={() => {
          setLifted(null);
          props.onLetGo();
        }}
        onFocus={(event: FocusEvent) => bringIntoView(view, frame.current, event.target)}
        aria-label="The steps of the campaign"
      >
        <Lines lines={picture.lines} />
        {props.children}
      </ReactFlow>
    </div>
  );
}

/** A stable node for each item, so that only what has changed is drawn anew. */
function useMarks({ picture, cards, start, whereIs }: Props, canLift: boolean): Mark[] {
  return useMemo(
    () =>
      picture.items.map((item): Mark => {
        const { id, x, y, width, height } = item;
        return {
          id,
          type: "mark",
          position: { x, y },
          width,
          height,
          measured: { width, height },
          draggable: canLift && item.kind === "step",
          domAttributes: { "aria-roledescription": undefined },
          data: { item, content: contentOf(item, cards, start, whereIs) },
        };
      }),
    [picture, cards, start, whereIs, canLift],
  );
}

/** The card that is lifted where it is held, and a trace of it where it was. */
function whereLifted({ id, position }: Lifted): (mark: Mark) => Mark[] {
  return (mark) => {
    if (mark.id !== id) return [mark];
    const trace = { ...mark.data, content: <div className={styles.trace} /> };
    return [
      { ...mark, id: "trace", draggable: false, data: trace },
      { ...mark, position, zIndex: 10 },
    ];
  };
}

function contentOf(
  item: Item<Step>,
  cards: Props["cards"],
  start: ReactNode,
  whereIs: Props["whereIs"],
): ReactNode {
  switch (item.kind) {
    case "start":
      return start;
    case "end":
      return <EndMark />;
    case "side":
      return <SideMark word={item.word} />;
    case "jump":
      return <JumpMark target={item.target} />;
    case "add":
      return <AddMark id={item.id} place={item.place} where={whereIs(item.place)} />;
    case "step": {
      const card = cards.get(item.id);
      return card && <StepCard card={card} />;
    }
  }
}

const NODE_TYPES = {
  mark: ({ data }: NodeProps<Mark>) => (
    <div className={styles.node} style={{ height: "100%" }}>
      {data.content}
    </div>
  ),
};

const Lines = memo(function Lines({ lines }: { lines: readonly Line[] }) {
  return (
    <ViewportPortal>
      <svg className={styles.lines} width={1} height={1} aria-hidden="true">
        {lines.map(({ id, kind, points }) => (
          <path key={id} data-kind={kind} d={pathOf(points)} />
        ))}
        {lines.map(({ id, kind, points }) => kind === "jump" && <Arrow key={id} points={points} />)}
      </svg>
    </ViewportPortal>
  );
});

function Arrow({ points }: Pick<Line, "points">) {
  const [end, before] = [points.at(-1), points.at(-2)];
  if (!end || !before) return null;
  const [x, y] = end;
  const back = before[0] < x ? -8 : 8;
  return <path className={styles.arrow} d={`M${x},${y}l${back},-5v10z`} />;
}

const NEAR = { x: 160, y: 70 };

/** The place to which a point is nearest, where one is near. */
function nearest(
  items: readonly Item[],
  destinations: ReadonlySet<string> | undefined,
  point: { x: number; y: number },
): string | null {
  let found: string | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const { id, x, y, width, height } of items) {
    const away = { x: Math.abs(x + width / 2 - point.x), y: Math.abs(y + height / 2 - point.y) };
    const distance = Math.hypot(away.x, away.y);
    if (!destinations?.has(id) || away.x > NEAR.x || away.y > NEAR.y || distance >= least) continue;
    [found, least] = [id, distance];
  }
  return found;
}
