import { Button, Stack } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { IconPlayerPlay } from "@tabler/icons-react";
import { Panel } from "@xyflow/react";
import { lazy, Suspense, useMemo, useState } from "react";
import type { Campaign, Step, StepType } from "@/api/types";
import { useMay } from "@/session/session";
import { type Actions, ActionsContext, type Moving, MovingContext } from "./actions";
import { Canvas } from "./Canvas";
import { copying, done, type Edit, removal } from "./edits";
import {
  inList,
  mayMoveTo,
  neighbour,
  orderAt,
  type Place,
  placeOf,
  TRUNK,
  withoutItself,
} from "./flow";
import { Menus, type OpenMenu } from "./Menus";
import { MovingBar } from "./MovingBar";
import { NoSteps } from "./NoSteps";
import { ProblemsBar } from "./ProblemsBar";
import { Tools } from "./Tools";
import { useEdits } from "./useEdits";
import { useGoTo } from "./useGoTo";
import { usePicture } from "./usePicture";
import { useRestOfScreen } from "./useRestOfScreen";

// What is opened later is loaded later: it weighs as much as the canvas.
const StepPanel = lazy(async () => ({
  default: (await import("./editors/StepPanel")).StepPanel,
}));
const TestRunDrawer = lazy(async () => ({
  default: (await import("@/pages/test-run/TestRunDrawer")).TestRunDrawer,
}));

type Draft = Pick<Step, "step_type" | "parent_step_id" | "branch" | "step_order">;

/** What is open in the editor, and the steps as they were before. */
interface Opened {
  before: Step[];
  step?: Step;
  draft?: Draft;
  /** What has the focus again when nothing was made of a draft. */
  from?: HTMLElement | undefined;
}

interface Props {
  campaign: Campaign;
  steps: Step[];
  readAnew: () => Promise<Step[]>;
}

/** The canvas with all that can be done on it. */
export function Desk({ campaign, steps, readAnew }: Props) {
  const mayEdit = useMay("build") && campaign.status !== "archived";
  const { picture, cards, start, whereIs, problems } = usePicture(campaign, steps);
  const edits = useEdits(campaign, steps);
  const goTo = useGoTo(picture);
  const [opened, setOpened] = useState<Opened | null>(null);
  const [menu, setMenu] = useState<OpenMenu | null>(null);
  const [lifted, setLifted] = useState<Omit<Moving, "destinations"> | null>(null);
  const [isTesting, setIsTesting] = useState(false);
  const { ref, height } = useRestOfScreen();

  const moving = useMemo((): Moving | null => {
    if (!lifted) return null;
    const places = picture.items.flatMap((item) =>
      item.kind === "add" && mayMoveTo(steps, lifted.step, item.place) ? [item.id] : [],
    );
    return { ...lifted, destinations: new Set(places) };
  }, [lifted, picture, steps]);

  async function run(edit: Edit, stepId?: string): Promise<void> {
    if ((await edits.run(edit)) && stepId) goTo(stepId);
  }

  function move(step: Step, to: Place | null): void {
    setLifted(null);
    if (to) run({ kind: "move", id: step.id, from: placeOf(steps, step), to }, step.id);
  }

  function moveLifted(place: Place): void {
    if (lifted) move(lifted.step, withoutItself(steps, lifted.step, place));
  }

  function letGo(): void {
    const item = picture.items.find(({ id }) => id === lifted?.over);
    if (item?.kind === "add") moveLifted(item.place);
    else setLifted(null);
  }

  function startDraft(step_type: StepType, place: Place): void {
    const last = inList(steps, place).at(-1)?.step_order ?? 0;
    const step_order = orderAt(steps, place) ?? last + 1;
    const draft = { step_type, parent_step_id: place.parentId, branch: place.branch, step_order };
    setOpened({ before: steps, draft, from: menu?.at });
  }

  async function closePanel(): Promise<void> {
    if (!opened) return;
    setOpened(null);
    if (opened.step) goTo(opened.step.id);
    else opened.from?.focus({ preventScroll: true });
    const after = await readAnew();
    const edit = done(opened.before, after, opened.step?.id ?? null);
    if (!edit) return;
    edits.note(edit);
    if (edit.kind === "add" && edit.tree[0]) goTo(edit.tree[0].id);
  }

  const actions: Actions = {
    mayEdit,
    open: (step) => setOpened({ before: steps, step }),
    openMenu: (step, at) => setMenu({ kind: "step", step, at }),
    openAdd: (place, at) => setMenu({ kind: "add", place, at }),
    moveUp: (step) => move(step, neighbour(steps, step, "up")),
    moveDown: (step) => move(step, neighbour(steps, step, "down")),
    remove: (step) => run(removal(steps, step)),
    goTo,
    moveTo: moveLifted,
  };
  const keys = (action: (() => unknown) | undefined) => () => !opened && mayEdit && action?.();
  useHotkeys([
    ["mod+Z", keys(edits.undo)],
    ["mod+shift+Z", keys(edits.redo)],
    ["mod+Y", keys(edits.redo)],
    ["Escape", () => setLifted(null), { preventDefault: false }],
  ]);
  const testRun = (
    <Button
      variant="default"
      leftSection={<IconPlayerPlay size={16} />}
      onClick={() => setIsTesting(true)}
    >
      Test run
    </Button>
  );

  return (
    <ActionsContext value={actions}>
      <MovingContext value={moving}>
        {steps.length === 0 ? (
          <NoSteps
            mayEdit={mayEdit}
            onChoose={(type) => startDraft(type, { ...TRUNK, index: 0 })}
          />
        ) : (
          <Stack ref={ref} h={height} gap="xs">
            <ProblemsBar campaign={campaign} problems={problems} steps={steps} onGoTo={goTo} />
            <Canvas
              picture={picture}
              cards={cards}
              start={start}
              whereIs={whereIs}
              mayEdit={mayEdit}
              onLift={(step) => setLifted({ step, isDragged: true, over: null })}
              onHold={(over) => setLifted((held) => held && { ...held, over })}
              onLetGo={letGo}
            >
              <Tools edits={edits} mayEdit={mayEdit} />
              <Panel position="top-right">{testRun}</Panel>
              {moving && <MovingBar moving={moving} onCancel={() => setLifted(null)} />}
            </Canvas>
          </Stack>
        )}
        <Menus
          menu={menu}
          steps={steps}
          onClose={() => setMenu(null)}
          onAdd={startDraft}
          onEdit={actions.open}
          onMove={(step, by) => move(step, neighbour(steps, step, by))}
          onChoosePlace={(step) => setLifted({ step, isDragged: false, over: null })}
          onDuplicate={(step) => run(copying(steps, step, () => crypto.randomUUID()))}
          onDelete={actions.remove}
        />
      </MovingContext>
      <Suspense>
        {opened && (
          <StepPanel
            key={opened.step?.id ?? "new"}
            campaign={campaign}
            step={opened.step}
            draft={opened.draft}
            onClose={closePanel}
          />
        )}
      </Suspense>
      <Suspense>
        {isTesting && <TestRunDrawer campaign={campaign} onClose={() => setIsTesting(false)} />}
      </Suspense>
    </ActionsContext>
  );
}
