/** Forms whose errors come from the API: each is shown at the field that it names. */

import { notifications } from "@mantine/notifications";
import { type Problem, problemOf } from "@/api/client";

interface Form {
  setErrors: (errors: Record<string, string>) => void;
  getInputNode?: (field: string) => HTMLElement | null;
}

/** Show a refusal: what names a field at that field, which is gone to, anything else as a notification. */
export function showProblem(error: unknown, form?: Form): void {
  const problem = problemOf(error);
  const errors = problem.errors ?? [];
  if (form && errors.length > 0) {
    form.setErrors(Object.fromEntries(errors.map(({ field, message }) => [field, message])));
    errors
      .map(({ field }) => form.getInputNode?.(field))
      .find(Boolean)
      ?.focus();
  } else
    notifications.show({
      color: "red",
      title: problem.detail,
      message: [
        ...errors.map(({ field, message }) => `${field}: ${message}`),
        ...(problem.problems ?? []).map(({ detail }) => detail),
      ].join("\n"),
    });
}

/** What is wrong with one field, if that is what was refused. */
export function messageAt(problem: Problem | undefined, field: string): string | undefined {
  return problem?.errors?.find((error) => error.field === field)?.message;
}

/** Say that something was done. */
export function showDone(message: string): void {
  notifications.show({ color: "green", message });
}
