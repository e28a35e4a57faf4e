import { Skeleton, Stack } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { type Problem, problemOf } from "@/api/client";
import { Failure } from "./Failure";

interface Props<Data> {
  query: UseQueryResult<Data, unknown>;
  /** How many lines are about to be there, so that the page does not jump. */
  lines?: number;
  children: (data: Data) => ReactNode;
}

/** What a query has brought: lines in its place while it is on its way, the refusal where it failed. */
export function Loaded<Data>({ query, lines = 6, children }: Props<Data>) {
  if (query.data !== undefined) return children(query.data);
  if (query.error) {
    const problem: Problem = problemOf(query.error);
    return <Failure problem={problem} onRetry={() => query.refetch()} />;
  }
  return (
    <Stack gap="sm" aria-busy="true" role="status" aria-label="Loading">
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines are all the same
        <Skeleton key={line} height={36} />
      ))}
    </Stack>
  );
}
