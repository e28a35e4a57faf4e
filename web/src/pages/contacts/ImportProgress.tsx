import { Group, Paper, Stack, Table, Text, Title } from "@mantine/core";
import { useState } from "react";
import { api } from "@/api/client";
import { BY_KEYBOARD } from "@/ui/byKeyboard";
import { JobProgress } from "@/ui/JobProgress";
import { Loaded } from "@/ui/Loaded";
import { ButtonLink } from "@/ui/links";
import { Pager } from "@/ui/Pager";

/** How far an import is, and all the rows that could not be taken. */
export function ImportProgress({ jobId }: { jobId: string }) {
  const { data } = api.useQuery("get", "/api/jobs/{job_id}", {
    params: { path: { job_id: jobId } },
  });
  const isRunning = data?.job.status === "running";
  return (
    <Paper withBorder p="lg" maw={960}>
      <Stack>
        <JobProgress jobId={jobId} listErrors={false} />
        {isRunning && (
          <Text size="sm" c="dimmed">
            You may leave this page: it goes on by itself.
          </Text>
        )}
        {(data?.job.failed ?? 0) > 0 && <Failed jobId={jobId} failed={data?.job.failed ?? 0} />}
        <Group>
          <ButtonLink to="/contacts">See the contacts</ButtonLink>
          <ButtonLink to="/contacts/import" search={{}} variant="default">
            Import another file
          </ButtonLink>
        </Group>
      </Stack>
    </Paper>
  );
}

const LIMIT = 50;

function Failed({ jobId, failed }: { jobId: string; failed: number }) {
  const [offset, setOffset] = useState(0);
  const query = api.useQuery(
    "get",
    "/api/jobs/{job_id}/errors",
    { params: { path: { job_id: jobId }, query: { limit: LIMIT, offset } } },
    {
      placeholderData: (before) => before,
      // While it runs there come more.
      refetchInterval: ({ state }) => ((state.data?.total ?? 0) < failed ? 1_000 : false),
    },
  );
  return (
    <section>
      <Title order={2} size="h5" mb="xs">
        Rows that were left out
      </Title>
      <Loaded query={query} lines={3}>
        {({ errors, total }) => (
          <>
            <Table.ScrollContainer minWidth={360} scrollAreaProps={BY_KEYBOARD}>
              <Table fz="sm">
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th w={80}>Line</Table.Th>
                    <Table.Th>Why</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {errors.map(({ id, code, detail }) => (
                    <Table.Tr key={`${id} ${code}`}>
                      <Table.Td>{id}</Table.Td>
                      <Table.Td>{detail}</Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
            <Pager total={total} limit={LIMIT} offset={offset} onMove={setOffset} />
          </>
        )}
      </Loaded>
    </section>
  );
}
