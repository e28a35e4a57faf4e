import {
  Button,
  Divider,
  Group,
  Modal,
  NumberInput,
  Radio,
  SimpleGrid,
  Stack,
} from "@mantine/core";
import { useForm } from "@mantine/form";
import { api, problemOf } from "@/api/client";
import type { Trigger } from "@/api/types";
import { showDone, showProblem } from "@/ui/forms";
import { CauseFields, FormConditions } from "./CauseFields";
import { bodyOf, formOf, missing, NEW_TRIGGER, placeOf, type TriggerForm } from "./triggerForm";

interface Props {
  campaignId: string;
  /** Null to add one. */
  trigger: Trigger | null;
  onClose: () => void;
}

const TYPES = [
  {
    value: "stage_change",
    label: "A stage changes",
    says: "The contact, or one of its projects, comes to a stage.",
  },
  {
    value: "event",
    label: "Something happens",
    says: "An appointment, a tag, an event of your own.",
  },
  {
    value: "time_based",
    label: "A date comes",
    says: "So long before or after a date of the contact.",
  },
] as const;

/** What enrolls contacts by itself, and which of them. */
export function TriggerDialog({ campaignId, trigger, onClose }: Props) {
  const form = useForm<TriggerForm>({
    initialValues: trigger ? formOf(trigger) : NEW_TRIGGER,
    validate: missing,
  });
  const path = { campaign_id: campaignId };
  const callbacks = {
    onSuccess: () => {
      showDone(trigger ? "The trigger is saved." : "The trigger is there.");
      onClose();
    },
    onError: (error: unknown) => {
      const { errors, ...problem } = problemOf(error);
      const placed = (errors ?? []).map((each) => ({ ...each, field: placeOf(each.field) }));
      showProblem({ ...problem, errors: placed }, form);
    },
  };
  const add = api.useMutation("post", "/api/campaigns/{campaign_id}/triggers", callbacks);
  const change = api.useMutation(
    "patch",
    "/api/campaigns/{campaign_id}/triggers/{trigger_id}",
    callbacks,
  );
  function save(values: TriggerForm) {
    const body = bodyOf(values);
    if (trigger) change.mutate({ params: { path: { ...path, trigger_id: trigger.id } }, body });
    else add.mutate({ params: { path }, body });
  }
  const scopes =
    form.values.trigger_type === "time_based"
      ? (["contact", "project", "custom"] as const)
      : (["contact", "project", "custom", "event"] as const);

  return (
    <Modal
      opened
      onClose={onClose}
      size={720}
      title={trigger ? "Change the trigger" : "Add a trigger"}
    >
      <form onSubmit={form.onSubmit(save)} noValidate>
        <Stack>
          <Radio.Group label="Contacts are enrolled when" {...form.getInputProps("trigger_type")}>
            <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="sm" mt="xs">
              {TYPES.map(({ value, label, says }) => (
                <Radio key={value} value={value} label={label} description={says} />
              ))}
            </SimpleGrid>
          </Radio.Group>
          <Divider />
          <CauseFields form={form} />
          <Divider />
          <FormConditions
            form={form}
            name="enrollment_conditions"
            label="Only if"
            emptySays="Everybody to whom it happens."
            scopes={scopes}
          />
          <FormConditions
            form={form}
            name="exclusion_conditions"
            label="Never if"
            emptySays="Nobody is left out."
            scopes={scopes}
          />
          <NumberInput
            label="Priority"
            description="Where several triggers match, the one with the highest goes first."
            maw={320}
            allowDecimal={false}
            {...form.getInputProps("priority")}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={add.isPending || change.isPending}>
              {trigger ? "Save trigger" : "Add trigger"}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
