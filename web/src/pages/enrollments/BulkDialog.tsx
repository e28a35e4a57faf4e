import { Button, Group, Modal, Select, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { api, type Problem, problemOf, queries, type Schemas } from "@/api/client";
import type { Campaign, Step } from "@/api/types";
import { counted, formatCount } from "@/format/format";
import { delayWords } from "@/format/steps";
import { EXIT_REASONS } from "@/format/words";
import { Failure } from "@/ui/Failure";
import { JobProgress } from "@/ui/JobProgress";
import { stepChoices } from "./flow";
import { type Action, type Filter, gather, meansEverybody, portions } from "./gather";
import type { Selection } from "./selection";
import { useLiveCount } from "./useLiveCount";

interface Props {
  campaign: Campaign;
  steps: Step[];
  filter: Filter;
  selection: Selection;
  action: Action;
  onClose: (isDone: boolean) => void;
}

type Reason = Schemas["ExitReason"];

/** What people may end an enrollment for by hand. */
const REASONS: Reason[] = ["manual_remove", "goal_achieved", "replied", "stage_changed"];

const SAYS: Record<Action, { title: string; yes: string; says: string }> = {
  pause: {
    title: "Pause",
    yes: "Pause",
    says: "Nothing of this campaign goes to them until somebody resumes them. Those who are paused already stay so.",
  },
  resume: {
    title: "Resume",
    yes: "Resume",
    says: "They go on where they were. What came due meanwhile is due now, and goes out within its hours. Those who are active stay so.",
  },
  exit: {
    title: "Take out of the campaign",
    yes: "Take out",
    says: "Their enrollments end for good, and nothing more of this campaign goes to them. What it did stays on record.",
  },
  move: {
    title: "Move to a step",
    yes: "Move",
    says: "They wait for this step from now on, wherever they are. Steps in between are left out; those whom this moves back get again what comes there.",
  },
};

/** Says what it means, asks for what it needs, does it and shows how far it is. */
export function BulkDialog({ campaign, steps, filter, selection, action, onClose }: Props) {
  const [stepId, setStepId] = useState<string | null>(null);
  const [reason, setReason] = useState<Reason>("manual_remove");
  const [collected, setCollected] = useState<number | null>(null);
  const [jobs, setJobs] = useState<string[]>([]);
  const [problem, setProblem] = useState<Problem | null>(null);
  const act = api.useMutation("post", "/api/campaigns/{campaign_id}/enrollments/actions");
  const live = useLiveCount(campaign.id, filter, selection === "all");
  const count = selection === "all" ? live : selection.size;
  const { title, yes, says } = SAYS[action];
  const step = steps.find(({ id }) => id === stepId);
  const isBusy = act.isPending || collected !== null;

  async function start() {
    setProblem(null);
    const said = {
      action,
      ...(action === "move" && { step_id: stepId }),
      ...(action === "exit" && { reason }),
    };
    try {
      for (const whom of await whomOf()) {
        const { job } = await act.mutateAsync({
          params: { path: { campaign_id: campaign.id } },
          body: { ...said, ...whom },
        });
        setJobs((before) => [...before, job.id]);
      }
    } catch (error) {
      setProblem(problemOf(error));
    } finally {
      setCollected(null);
    }
  }

  async function whomOf() {
    if (selection !== "all")
      return portions([...selection]).map((ids) => ({ enrollment_ids: ids }));
    if (meansEverybody(action, filter)) return [{ filter: { all: [] } }];
    const ids = await gather(campaign.id, filter, setCollected);
    return portions(ids).map((ids) => ({ enrollment_ids: ids }));
  }

  function close() {
    queries.invalidateQueries();
    onClose(jobs.length > 0);
  }

  return (
    <Modal opened onClose={close} title={title} centered size="md">
      <Stack>
        {jobs.length === 0 && (
          <>
            <Text size="sm">
              <b>{count === undefined ? "Counting…" : counted(count, "contact")}</b>
              {selection === "all" && ", all that fit and are under way"}. {says}
            </Text>
            {action === "move" && (
              <Select
                label="Step"
                required
                searchable
                data={stepChoices(steps)}
                value={stepId}
                onChange={setStepId}
                description={step ? `It comes ${delayWords(step)}, counted from now.` : undefined}
                inputWrapperOrder={["label", "input", "description", "error"]}
              />
            )}
            {action === "exit" && (
              <Select
                label="Reason"
                allowDeselect={false}
                data={REASONS.map((value) => ({ value, label: EXIT_REASONS[value] }))}
                value={reason}
                onChange={(value) => value && setReason(value)}
              />
            )}
          </>
        )}
        {problem && <Failure problem={problem} />}
        {jobs.map((id) => (
          <JobProgress key={id} jobId={id} />
        ))}
        <Group justify="flex-end">
          {collected !== null && (
            <Text size="sm" c="dimmed" mr="auto" aria-live="polite">
              {formatCount(collected)} collected
            </Text>
          )}
          <Button variant="default" onClick={close}>
            {jobs.length > 0 ? "Close" : "Cancel"}
          </Button>
          {jobs.length === 0 && (
            <Button
              {...(action === "exit" && { color: "red.9" })}
              loading={isBusy}
              disabled={!count || (action === "move" && !stepId)}
              onClick={start}
            >
              {count ? `${yes} ${formatCount(count)}` : yes}
            </Button>
          )}
        </Group>
        {jobs.length > 0 && (
          <Text size="xs" c="dimmed">
            You may close this: it goes on by itself.
          </Text>
        )}
      </Stack>
    </Modal>
  );
}
