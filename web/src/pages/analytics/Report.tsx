import { Box, SimpleGrid, Skeleton, Stack } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { problemOf } from "@/api/client";
import { Empty } from "@/ui/Empty";
import { Failure } from "@/ui/Failure";
import type { RangeQuery } from "./range";

/** How often a report that is looked at is read anew. */
export const POLL_MS = 30_000;

interface Props<Data> {
  query: UseQueryResult<Data, unknown>;
  isEmpty: (data: Data) => boolean;
  children: (data: Data) => ReactNode;
}

/** A report; its outline while it is on its way; paler where it is of the range before. */
export function Report<Data>({ query, isEmpty, children }: Props<Data>) {
  if (query.data === undefined)
    return query.error ? (
      <Failure problem={problemOf(query.error)} onRetry={() => query.refetch()} />
    ) : (
      <Outline />
    );
  return (
    <Box aria-busy={query.isPlaceholderData} opacity={query.isPlaceholderData ? 0.6 : 1}>
      {isEmpty(query.data) ? (
        <Empty
          title="No enrollments in this time"
          says="As soon as contacts are enrolled, what becomes of them is told here. Choose a longer time to see what was before."
        />
      ) : (
        <Stack gap="md">{children(query.data)}</Stack>
      )}
    </Box>
  );
}

function Outline() {
  return (
    <Stack gap="md" aria-busy="true" role="status" aria-label="Loading">
      <SimpleGrid cols={{ base: 2, md: 4 }}>
        <Skeleton h={124} />
        <Skeleton h={124} />
        <Skeleton h={124} />
        <Skeleton h={124} />
      </SimpleGrid>
      <SimpleGrid cols={{ base: 1, md: 3 }}>
        <Skeleton h={352} />
        <Skeleton h={352} />
        <Skeleton h={352} />
      </SimpleGrid>
      <Skeleton h={400} />
      <Skeleton h={290} />
    </Stack>
  );
}

/** Where a table of a report is as a file. */
export function csvOf(report: string, table: string, query: RangeQuery): string {
  return `${report}.csv?${new URLSearchParams({ table, ...query })}`;
}
