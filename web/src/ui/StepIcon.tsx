import {
  IconArrowsSplit2,
  IconBell,
  IconCheckbox,
  IconClock,
  IconDoorExit,
  IconMail,
  IconMessage,
  IconPencil,
  IconTags,
  IconWebhook,
} from "@tabler/icons-react";
import type { StepType } from "@/api/types";

const ICONS = {
  send_email: IconMail,
  send_sms: IconMessage,
  create_task: IconCheckbox,
  wait: IconClock,
  update_field: IconPencil,
  manage_tags: IconTags,
  notify: IconBell,
  webhook: IconWebhook,
  conditional: IconArrowsSplit2,
  exit_campaign: IconDoorExit,
} as const satisfies Record<StepType, unknown>;

/** The sign of a type of step, beside its name. */
export function StepIcon({ type, size = 16 }: { type: StepType; size?: number }) {
  const Icon = ICONS[type];
  return <Icon size={size} stroke={1.6} aria-hidden style={{ flexShrink: 0 }} />;
}
