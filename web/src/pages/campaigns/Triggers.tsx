import { Button, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { api } from "@/api/client";
import type { Campaign, Trigger } from "@/api/types";
import { useMay } from "@/session/session";
import { Loaded } from "@/ui/Loaded";
import { TriggerDialog } from "./triggers/TriggerDialog";
import { TriggerItem } from "./triggers/TriggerItem";

/** What enrolls contacts into the campaign by itself. */
export function Triggers({ campaign }: { campaign: Campaign }) {
  const mayEdit = useMay("build") && campaign.status !== "archived";
  const isManual = campaign.enrollment_type === "manual";
  const [edited, setEdited] = useState<Trigger | "new" | null>(null);
  const query = api.useQuery("get", "/api/campaigns/{campaign_id}/triggers", {
    params: { path: { campaign_id: campaign.id }, query: { limit: 200 } },
  });
  return (
    <section>
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h4">
          Triggers
        </Title>
        {mayEdit && !isManual && (
          <Button
            variant="default"
            size="xs"
            leftSection={<IconPlus size={14} />}
            onClick={() => setEdited("new")}
          >
            Add trigger
          </Button>
        )}
      </Group>
      <Loaded query={query} lines={2}>
        {({ triggers }) => (
          <>
            <Text size="sm" c="dimmed" mb="sm">
              {isManual
                ? "This campaign takes no triggers: contacts are enrolled by hand only. You can change that under “Who gets in” below."
                : "They enroll contacts by themselves, for what happens while the campaign is active."}
            </Text>
            {triggers.length > 0 ? (
              <Stack component="ul" gap="xs" p={0} m={0} style={{ listStyle: "none" }}>
                {triggers.map((trigger) => (
                  <TriggerItem
                    key={trigger.id}
                    trigger={trigger}
                    mayEdit={mayEdit}
                    onEdit={() => setEdited(trigger)}
                  />
                ))}
              </Stack>
            ) : (
              !isManual && (
                <Paper withBorder p="md" bg="gray.0">
                  <Text size="sm">
                    No triggers yet: contacts get in by hand only.
                    {mayEdit && " Add one, and whoever fits gets in without anybody doing a thing."}
                  </Text>
                </Paper>
              )
            )}
          </>
        )}
      </Loaded>
      {edited && (
        <TriggerDialog
          key={edited === "new" ? edited : edited.id}
          campaignId={campaign.id}
          trigger={edited === "new" ? null : edited}
          onClose={() => setEdited(null)}
        />
      )}
    </section>
  );
}
