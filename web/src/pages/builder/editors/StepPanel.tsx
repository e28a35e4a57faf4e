import { Box, Button, Drawer, Group, Stack } from "@mantine/core";
import { useWindowEvent } from "@mantine/hooks";
import { useBlocker } from "@tanstack/react-router";
import { type ReactNode, useRef, useState } from "react";
import { type Problem, problemOf } from "@/api/client";
import type { Campaign, Step } from "@/api/types";
import { STEP_TYPES } from "@/format/words";
import { useMay } from "@/session/session";
import { confirm } from "@/ui/confirm";
import { Failure } from "@/ui/Failure";
import { StepFields } from "./StepFields";
import { StepSummary } from "./StepSummary";
import { newValues, type StepDraft, valuesOf } from "./stepValues";
import { useSaveStep } from "./useSaveStep";
import { useStepForm } from "./useStepForm";
import { describeField } from "./words";

interface Props {
  campaign: Campaign;
  /** The step that is shown; without it a new one is made of the draft. */
  step?: Step | undefined;
  draft?: StepDraft | undefined;
  onClose: () => void;
}

/** A drawer that shows a step, to whoever may build as a form. */
export function StepPanel({ campaign, step, draft, onClose }: Props) {
  const mayBuild = useMay("build") && campaign.status !== "archived";
  const stepType = step?.step_type ?? draft?.step_type;
  if (!stepType || (draft && !step && !mayBuild)) return null;
  const of = { campaign, step, draft, onClose };
  // Another step is another form.
  return mayBuild ? (
    <StepEditor key={step?.id ?? JSON.stringify(draft)} {...of} />
  ) : (
    step && (
      <Frame title={STEP_TYPES[stepType]} width={isMessage(stepType) ? 760 : 600} onClose={onClose}>
        <Box p="md">
          <StepSummary campaign={campaign} step={step} />
        </Box>
      </Frame>
    )
  );
}

function StepEditor({ campaign, step, draft, onClose }: Props) {
  // What was there when it was opened: what others change meanwhile is not overwritten by what is not changed here.
  const [before] = useState(() => (step ? valuesOf(step) : newValues(draft ?? FIRST)));
  const { form, isChanged, problem, refuse } = useStepForm(before);
  const save = useSaveStep({ campaign, step, draft, before });
  const [isSaving, setSaving] = useState(false);
  const [isSaved, setSaved] = useState(false);
  const isFirst = isFirstStep(step ?? draft ?? FIRST);

  const mayLeave = async () => {
    if (!isChanged || isSaved) return true;
    return confirm({
      title: "Leave without saving?",
      says: "What you have changed in this step is lost.",
      yes: "Leave",
      danger: true,
    });
  };
  useBlocker({
    shouldBlockFn: async () => !(await mayLeave()),
    enableBeforeUnload: isChanged && !isSaved,
    disabled: !isChanged || isSaved,
  });
  const close = async () => {
    if (!isSaving && (await mayLeave())) onClose();
  };
  const submit = async () => {
    setSaving(true);
    try {
      if (await save(form.values)) {
        setSaved(true);
        onClose();
      }
    } catch (error) {
      refuse(problemOf(error));
    } finally {
      setSaving(false);
    }
  };
  const { step_type } = form.values;
  return (
    <Frame
      title={step ? STEP_TYPES[step_type] : `New step: ${STEP_TYPES[step_type].toLowerCase()}`}
      width={isMessage(step_type) ? 1160 : 600}
      onClose={close}
    >
      <form
        noValidate
        aria-label="Step"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
        style={{ display: "contents" }}
      >
        <Box flex={1} p="md">
          <Stack gap="lg">
            {problem && <Failure problem={named(problem)} />}
            <StepFields form={form} campaign={campaign} step={step} isFirst={isFirst} />
          </Stack>
        </Box>
        <Group
          justify="flex-end"
          p="md"
          pos="sticky"
          bottom={0}
          bg="white"
          style={{ borderTop: "1px solid var(--mantine-color-gray-3)", zIndex: 5 }}
        >
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" loading={isSaving} disabled={!!step && !isChanged}>
            {step ? "Save" : "Add step"}
          </Button>
        </Group>
      </form>
    </Frame>
  );
}

const FIRST: StepDraft = {
  step_type: "wait",
  parent_step_id: null,
  branch: null,
  step_order: 1,
};

const COLUMN = { display: "flex", flexDirection: "column" } as const;

interface FrameProps {
  title: string;
  width: number;
  onClose: () => void;
  children: ReactNode;
}

function Frame({ title, width, onClose, children }: FrameProps) {
  const content = useRef<HTMLDivElement>(null);
  // The drawer's own way would take an Escape that is meant for a question above it.
  useWindowEvent(
    "keydown",
    ({ key, target }) => {
      // The body has the focus where what had it has gone, or cannot be used for a while.
      const isHere =
        target instanceof Element &&
        (target === document.body || content.current?.contains(target));
      if (key === "Escape" && isHere && !target.hasAttribute("data-mantine-stop-propagation"))
        onClose();
    },
    { capture: true },
  );
  return (
    <Drawer.Root
      opened
      onClose={onClose}
      position="right"
      size={width}
      closeOnEscape={false}
      styles={{ content: COLUMN, body: COLUMN }}
    >
      <Drawer.Overlay backgroundOpacity={0.35} />
      <Drawer.Content ref={content}>
        <Drawer.Header style={{ borderBottom: "1px solid var(--mantine-color-gray-3)" }}>
          <Drawer.Title fw={650} fz="lg">
            {title}
          </Drawer.Title>
          <Drawer.CloseButton aria-label="Close" />
        </Drawer.Header>
        <Drawer.Body p={0} flex={1}>
          {children}
        </Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}

function isMessage(stepType: Step["step_type"]): boolean {
  return stepType === "send_email" || stepType === "send_sms";
}

function isFirstStep({ parent_step_id, step_order }: Pick<Step, "parent_step_id" | "step_order">) {
  return parent_step_id === null && step_order === 1;
}

/** A refusal whose fields are called as they are in the form. */
function named(problem: Problem): Problem {
  const errors = (problem.errors ?? []).map(({ field, message }) => ({
    field: describeField(field),
    message,
  }));
  return errors.length > 0 ? { ...problem, detail: "This cannot be saved yet.", errors } : problem;
}
