import { Button, Group, List, Progress, Stack, Text } from "@mantine/core";
import { api } from "@/api/client";
import type { Job } from "@/api/types";
import { counted, formatCount } from "@/format/format";
import { Loaded } from "./Loaded";

const POLL_MS = 700;

interface Props {
  jobId: string;
  /** Not where the page lists them all by itself. */
  listErrors?: boolean;
}

/** How far a job is, what could not be done and why, and the way to stop it. */
export function JobProgress({ jobId, listErrors = true }: Props) {
  const query = api.useQuery(
    "get",
    "/api/jobs/{job_id}",
    { params: { path: { job_id: jobId } } },
    { refetchInterval: ({ state }) => (state.data?.job.status === "running" ? POLL_MS : false) },
  );
  const cancel = api.useMutation("post", "/api/jobs/{job_id}/cancel");
  return (
    <Loaded query={query} lines={2}>
      {({ job }) => {
        const running = job.status === "running";
        const share = job.total ? ((job.done + job.failed) / job.total) * 100 : running ? 0 : 100;
        return (
          <Stack gap="xs">
            <Progress.Root size="xl">
              <Progress.Section
                value={share}
                animated={running}
                aria-label="Progress"
                color={job.failed > 0 && !running ? "orange.8" : "slate.8"}
              />
            </Progress.Root>
            <Group justify="space-between">
              <Text size="sm" aria-live="polite">
                {STATUS[job.status]}: {formatCount(job.done)} of {formatCount(job.total)} done
                {job.failed > 0 && `, ${formatCount(job.failed)} not`}
              </Text>
              {running && (
                <Button
                  size="xs"
                  variant="default"
                  loading={cancel.isPending}
                  onClick={() => cancel.mutate({ params: { path: { job_id: jobId } } })}
                >
                  Stop
                </Button>
              )}
            </Group>
            {listErrors && job.errors.length > 0 && (
              <Stack gap={4}>
                <Text size="sm" fw={600}>
                  {counted(job.failed, "one was not done", "were not done")}
                </Text>
                <List size="sm">
                  {errorLines(job).map((line) => (
                    <List.Item key={line}>{line}</List.Item>
                  ))}
                </List>
              </Stack>
            )}
          </Stack>
        );
      }}
    </Loaded>
  );
}

const STATUS = {
  running: "Running",
  completed: "Completed",
  failed: "Failed",
  cancelled: "Stopped",
} as const;

/** What went wrong: by the lines of a file, else each reason once, with how many of the first errors have it. */
function errorLines({ kind, errors }: Job): string[] {
  if (kind === "contact_import") return errors.map(({ id, detail }) => `Line ${id}: ${detail}`);
  const counts = new Map<string, number>();
  for (const { detail } of errors) counts.set(detail, (counts.get(detail) ?? 0) + 1);
  return [...counts].map(([detail, count]) => (count > 1 ? `${detail} (${count} times)` : detail));
}
