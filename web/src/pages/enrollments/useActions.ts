import { api } from "@/api/client";
import type { Enrollment } from "@/api/types";
import { nameOf } from "@/format/format";
import { confirm } from "@/ui/confirm";
import { showDone, showProblem } from "@/ui/forms";

type One = Pick<Enrollment, "id" | "campaign_id" | "contact">;

const PATH = "/api/campaigns/{campaign_id}/enrollments/{enrollment_id}";

/** What anybody may do to one enrollment; the ways that cannot be gone back are asked for. */
export function useActions() {
  const pausing = api.useMutation("post", `${PATH}/pause`, {
    onError: (error) => showProblem(error),
  });
  const resuming = api.useMutation("post", `${PATH}/resume`, {
    onError: (error) => showProblem(error),
  });
  const exiting = api.useMutation("post", `${PATH}/exit`, {
    onError: (error) => showProblem(error),
  });
  return {
    isPending: pausing.isPending || resuming.isPending || exiting.isPending,
    pause: async (one: One) => {
      const yes = await confirm({
        title: `Pause ${nameOf(one.contact)}?`,
        says: "Nothing of this campaign goes to this contact until you resume it.",
        yes: "Pause",
      });
      if (yes)
        pausing.mutate(paramsOf(one), {
          onSuccess: () => showDone(`${nameOf(one.contact)} is paused.`),
        });
    },
    resume: async (one: One) => {
      const yes = await confirm({
        title: `Resume ${nameOf(one.contact)}?`,
        says: "It goes on where it was. What came due meanwhile is due now, and goes out within its hours.",
        yes: "Resume",
      });
      if (yes)
        resuming.mutate(paramsOf(one), {
          onSuccess: () => showDone(`${nameOf(one.contact)} goes on.`),
        });
    },
    exit: async (one: One) => {
      const yes = await confirm({
        title: `Take ${nameOf(one.contact)} out of the campaign?`,
        says: "The enrollment ends for good: nothing more of this campaign goes to this contact. What it did stays on record.",
        yes: "Take out",
        danger: true,
      });
      if (yes)
        exiting.mutate(
          { ...paramsOf(one), body: { reason: "manual_remove" } },
          { onSuccess: () => showDone(`${nameOf(one.contact)} is out of the campaign.`) },
        );
    },
  };
}

export type Actions = ReturnType<typeof useActions>;

export function isLive(enrollment: Pick<Enrollment, "status">): boolean {
  return enrollment.status === "active" || enrollment.status === "paused";
}

function paramsOf(one: One) {
  return { params: { path: { campaign_id: one.campaign_id, enrollment_id: one.id } } };
}
