import { useState } from "react";
import type { Problem } from "@/api/client";
import { type Config, configured, isSame, type StepValues } from "./stepValues";
import { describeMessage } from "./words";

/** The API's error at a path such as `step_config.subject`. */
export type ErrorAt = (path: string) => string | undefined;

export interface StepForm {
  values: StepValues;
  change: (changes: Partial<StepValues>) => void;
  /** Change fields of the configuration; what is blank is left out. */
  configure: (changes: Config) => void;
  /** Put another configuration in its place. */
  replace: (config: Config) => void;
  errorAt: ErrorAt;
  /** The errors of all that lies at a path or within it. */
  errorsUnder: (path: string) => string[];
}

/** A step while it is edited, with what the API has refused of it. */
export function useStepForm(before: StepValues) {
  const [values, setValues] = useState(before);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [mended, setMended] = useState<readonly string[]>([]);

  const errors = (problem?.errors ?? [])
    .filter(({ field }) => !mended.some((path) => field === path || field.startsWith(`${path}.`)))
    .map((error) => ({ ...error, message: describeMessage(error.message) }));
  const put = (changed: StepValues, paths: readonly string[]) => {
    setValues(changed);
    if (problem) setMended([...mended, ...paths]);
  };
  const form: StepForm = {
    values,
    change: (changes) => put({ ...values, ...changes }, Object.keys(changes)),
    configure: (changes) =>
      put(
        { ...values, step_config: configured(values.step_config, changes) },
        Object.keys(changes).map((name) => `step_config.${name}`),
      ),
    replace: (config) =>
      put(
        { ...values, step_config: config },
        Object.keys({ ...values.step_config, ...config })
          .filter((name) => !isSame(values.step_config[name], config[name]))
          .map((name) => `step_config.${name}`),
      ),
    errorAt: (path) => errors.find(({ field }) => field === path)?.message,
    errorsUnder: (path) =>
      errors
        .filter(({ field }) => field === path || field.startsWith(`${path}.`))
        .map(({ message }) => message),
  };
  return {
    form,
    isChanged: !isSame(before, values),
    /** What is still to be said of a refusal. */
    problem:
      problem && !(problem.errors?.length && errors.length === 0) ? { ...problem, errors } : null,
    refuse: (refused: Problem | null) => {
      setProblem(refused);
      setMended([]);
    },
  };
}
