import { ActionIcon, Badge, Group, Paper, Switch, Text } from "@mantine/core";
import { IconPencil, IconTrash } from "@tabler/icons-react";
import { api } from "@/api/client";
import type { Trigger } from "@/api/types";
import { describeConditions } from "@/conditions/describe";
import { useVocabulary } from "@/conditions/useVocabulary";
import { sayTrigger } from "@/format/triggers";
import { confirm } from "@/ui/confirm";
import { showDone, showProblem } from "@/ui/forms";
import { useNameOfUser } from "@/ui/UserSelect";

interface Props {
  trigger: Trigger;
  mayEdit: boolean;
  onEdit: () => void;
}

/** A trigger in words, and the switch that turns it on and off. */
export function TriggerItem({ trigger, mayEdit, onEdit }: Props) {
  const vocabulary = useVocabulary();
  const nameOfUser = useNameOfUser();
  const path = { campaign_id: trigger.campaign_id, trigger_id: trigger.id };
  const onError = (error: unknown) => showProblem(error);
  const change = api.useMutation("patch", "/api/campaigns/{campaign_id}/triggers/{trigger_id}", {
    onError,
  });
  const remove = api.useMutation("delete", "/api/campaigns/{campaign_id}/triggers/{trigger_id}", {
    onSuccess: () => showDone("The trigger is deleted."),
    onError,
  });
  const cause = sayTrigger(
    { ...trigger, enrollment_conditions: null, exclusion_conditions: null },
    vocabulary,
  );
  const say = (conditions: unknown) => describeConditions(conditions, vocabulary, nameOfUser);
  async function ask() {
    const sure = await confirm({
      title: "Delete the trigger?",
      says: `${cause}. Whom it has enrolled stays enrolled.`,
      yes: "Delete",
      danger: true,
    });
    if (sure) remove.mutate({ params: { path } });
  }

  return (
    <Paper component="li" withBorder p="sm">
      <Group justify="space-between" wrap="nowrap" gap="sm">
        <div>
          <Text size="sm" fw={600} style={{ overflowWrap: "anywhere" }}>
            {cause}
          </Text>
          <Conditions label="Only if" said={say(trigger.enrollment_conditions)} />
          <Conditions label="Never if" said={say(trigger.exclusion_conditions)} />
          {trigger.priority !== 0 && (
            <Text size="xs" c="dimmed">
              Priority {trigger.priority}
            </Text>
          )}
        </div>
        {mayEdit ? (
          <Group gap={4} wrap="nowrap">
            <Switch
              aria-label={`Switched on: ${cause}`}
              checked={trigger.is_active}
              disabled={change.isPending}
              onChange={(event) =>
                change.mutate({
                  params: { path },
                  body: { is_active: event.currentTarget.checked },
                })
              }
            />
            {trigger.trigger_type !== "manual" && (
              <ActionIcon
                variant="subtle"
                color="gray.7"
                aria-label={`Edit: ${cause}`}
                onClick={onEdit}
              >
                <IconPencil size={16} />
              </ActionIcon>
            )}
            <ActionIcon
              variant="subtle"
              color="gray.7"
              aria-label={`Delete: ${cause}`}
              loading={remove.isPending}
              onClick={ask}
            >
              <IconTrash size={16} />
            </ActionIcon>
          </Group>
        ) : (
          <Badge variant="default" tt="none" miw="fit-content">
            {trigger.is_active ? "On" : "Off"}
          </Badge>
        )}
      </Group>
    </Paper>
  );
}

function Conditions({ label, said }: { label: string; said: string }) {
  if (!said) return null;
  return (
    <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
      <b>{label}</b> {said}
    </Text>
  );
}
