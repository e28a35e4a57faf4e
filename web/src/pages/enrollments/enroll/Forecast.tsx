import { Button, Group, List, Stack, Text, ThemeIcon } from "@mantine/core";
import { IconAlertTriangle, IconCheck, IconMinus } from "@tabler/icons-react";
import { useState } from "react";
import { api, problemOf } from "@/api/client";
import type { Campaign } from "@/api/types";
import { counted } from "@/format/format";
import { Failure } from "@/ui/Failure";
import { JobProgress } from "@/ui/JobProgress";
import { Loaded } from "@/ui/Loaded";
import { forecastLines, type Line } from "./forecast";

export type Whom = { contact_ids: string[] } | { filter: unknown };

const LOOKS = {
  enrolled: { color: "teal", icon: IconCheck },
  refused: { color: "gray", icon: IconMinus },
  skipped: { color: "orange", icon: IconAlertTriangle },
} as const;

/** What enrolling them would come to, the way to do it, and then how far it is. */
export function Forecast({ campaign, whom }: { campaign: Campaign; whom: Whom }) {
  const [jobId, setJobId] = useState<string | null>(null);
  const params = { path: { campaign_id: campaign.id } };
  const query = api.useQuery(
    "post",
    "/api/campaigns/{campaign_id}/enrollments/bulk/preview",
    { params, body: whom },
    { enabled: jobId === null, gcTime: 0 },
  );
  const steps = api.useQuery("get", "/api/campaigns/{campaign_id}/steps", { params });
  const enroll = api.useMutation("post", "/api/campaigns/{campaign_id}/enrollments/bulk");
  if (jobId)
    return (
      <Stack gap="xs">
        <JobProgress jobId={jobId} />
        <Text size="xs" c="dimmed">
          You may close this: it goes on by itself.
        </Text>
      </Stack>
    );
  return (
    <Loaded query={query} lines={2}>
      {({ preview }) => (
        <Stack gap="sm">
          <Lines lines={forecastLines(preview, campaign, steps.data?.steps ?? [])} />
          {enroll.error && <Failure problem={problemOf(enroll.error)} />}
          <Group justify="flex-end">
            <Button
              disabled={preview.enrollable === 0}
              loading={enroll.isPending}
              onClick={() =>
                enroll.mutate({ params, body: whom }, { onSuccess: ({ job }) => setJobId(job.id) })
              }
            >
              Enroll {counted(preview.enrollable, "contact")}
            </Button>
          </Group>
        </Stack>
      )}
    </Loaded>
  );
}

function Lines({ lines }: { lines: Line[] }) {
  return (
    <List size="sm" spacing={6} center aria-label="What will happen" aria-live="polite">
      {lines.map(({ kind, says }) => {
        const { color, icon: Icon } = LOOKS[kind];
        return (
          <List.Item
            key={says}
            fw={kind === "enrolled" ? 600 : undefined}
            icon={
              <ThemeIcon size={20} radius="xl" variant="light" color={color}>
                <Icon size={13} aria-hidden />
              </ThemeIcon>
            }
          >
            {says}
          </List.Item>
        );
      })}
    </List>
  );
}
