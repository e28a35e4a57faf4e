import { Divider, Loader, Select, Stack } from "@mantine/core";
import { lazy, type ReactNode, Suspense } from "react";
import type { Campaign, Step } from "@/api/types";
import { ConditionalFields } from "./forms/ConditionalFields";
import { ExitFields } from "./forms/ExitFields";
import { NotifyFields } from "./forms/NotifyFields";
import { TagFields } from "./forms/TagFields";
import { TaskFields } from "./forms/TaskFields";
import { TimingFields } from "./forms/TimingFields";
import { UpdateFields } from "./forms/UpdateFields";
import { WaitFields } from "./forms/WaitFields";
import { WebhookFields } from "./forms/WebhookFields";
import type { StepForm } from "./useStepForm";

const MessageFields = lazy(async () => ({
  default: (await import("./message/MessageFields")).MessageFields,
}));

/** What every form of a step gets. */
export interface FieldsProps {
  form: StepForm;
  campaign: Campaign;
  /** The step as it is saved, if it is. */
  step: Step | undefined;
}

/** All fields of a step, by its type. */
export function StepFields({ isFirst, ...props }: FieldsProps & { isFirst: boolean }) {
  const { form, campaign } = props;
  const timing = <TimingFields form={form} campaign={campaign} isFirst={isFirst} />;
  switch (form.values.step_type) {
    case "send_email":
    case "send_sms":
      return (
        <Suspense fallback={<Loader m="xl" />}>
          <MessageFields {...props} before={timing} after={<OnFailure form={form} />} />
        </Suspense>
      );
    case "create_task":
      return plain(timing, <TaskFields {...props} />, form);
    case "wait":
      return plain(timing, <WaitFields {...props} />, form);
    case "update_field":
      return plain(timing, <UpdateFields {...props} />, form);
    case "manage_tags":
      return plain(timing, <TagFields {...props} />, form);
    case "notify":
      return plain(timing, <NotifyFields {...props} />, form);
    case "webhook":
      return plain(timing, <WebhookFields {...props} />, form);
    case "conditional":
      return plain(timing, <ConditionalFields {...props} />, form);
    case "exit_campaign":
      return plain(timing, <ExitFields {...props} />, form);
  }
}

function plain(timing: ReactNode, fields: ReactNode, form: StepForm) {
  return (
    <Stack gap="lg">
      {timing}
      <Divider />
      {fields}
      {form.values.step_type !== "exit_campaign" && <OnFailure form={form} />}
    </Stack>
  );
}

function OnFailure({ form }: { form: StepForm }) {
  return (
    <Select
      label="If this step fails for good"
      allowDeselect={false}
      maw={320}
      data={[
        { value: "continue", label: "Go on with the next step" },
        { value: "exit", label: "End the campaign for this contact" },
      ]}
      value={form.values.on_failure}
      onChange={(chosen) => chosen && form.change({ on_failure: chosen })}
      error={form.errorAt("on_failure")}
    />
  );
}
