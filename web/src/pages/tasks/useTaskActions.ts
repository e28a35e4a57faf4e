import { api } from "@/api/client";
import type { Task } from "@/api/types";
import { confirm } from "@/ui/confirm";
import { showDone, showProblem } from "@/ui/forms";
import type { TaskStatus } from "./search";

const SAYS: Readonly<Record<TaskStatus, string>> = {
  open: "is open again.",
  completed: "is done.",
  cancelled: "is cancelled.",
};

/** What anybody may do with a task in one click. */
export function useTaskActions() {
  const changing = api.useMutation("patch", "/api/tasks/{task_id}", {
    onError: (error) => showProblem(error),
  });
  const deleting = api.useMutation("delete", "/api/tasks/{task_id}", {
    onError: (error) => showProblem(error),
  });
  const paramsOf = (task: Task) => ({ params: { path: { task_id: task.id } } });
  return {
    setStatus: (task: Task, status: TaskStatus, onRefused?: () => void) =>
      changing.mutateAsync({ ...paramsOf(task), body: { status } }).then(
        () => showDone(`“${task.title}” ${SAYS[status]}`),
        () => onRefused?.(),
      ),
    assign: (task: Task, userId: string) =>
      changing.mutate({ ...paramsOf(task), body: { assigned_to: userId } }),
    remove: async (task: Task) => {
      const yes = await confirm({
        title: "Delete the task?",
        says: `“${task.title}” is gone then. If it is only not to be done, cancel it.`,
        yes: "Delete",
        danger: true,
      });
      if (yes) deleting.mutate(paramsOf(task), { onSuccess: () => showDone("Deleted.") });
    },
  };
}

export type TaskActions = ReturnType<typeof useTaskActions>;
