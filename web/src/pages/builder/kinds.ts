/** The types of step as they are offered: in groups, each with what it does. */

import type { StepType } from "@/api/types";

interface Kind {
  type: StepType;
  does: string;
}

interface Group {
  label: string;
  color: string;
  kinds: readonly Kind[];
}

export const GROUPS: readonly Group[] = [
  {
    label: "Messages",
    color: "slate",
    kinds: [
      { type: "send_email", does: "Send an e-mail to the contact" },
      { type: "send_sms", does: "Send a text to the contact’s phone" },
    ],
  },
  {
    label: "Your team",
    color: "grape",
    kinds: [
      { type: "create_task", does: "Give somebody something to do" },
      { type: "notify", does: "Let your people know" },
    ],
  },
  {
    label: "Flow",
    color: "orange",
    kinds: [
      { type: "wait", does: "Let time pass, or wait for an event" },
      { type: "conditional", does: "Go one of two ways" },
      { type: "exit_campaign", does: "End the campaign for the contact" },
    ],
  },
  {
    label: "Data",
    color: "teal",
    kinds: [
      { type: "update_field", does: "Change a field of the contact or project" },
      { type: "manage_tags", does: "Add tags or take them off" },
      { type: "webhook", does: "Tell another system" },
    ],
  },
];

/** The colour of a type's group. */
export function colorOf(type: StepType): string {
  return GROUPS.find(({ kinds }) => kinds.some((kind) => kind.type === type))?.color ?? "gray";
}
