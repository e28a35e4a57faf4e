/** A step as rows of words. */

import type { Campaign, Step } from "@/api/types";
import { describeConditions, type NameOfUser } from "@/conditions/describe";
import { counted } from "@/format/format";
import { isRecord } from "@/format/json";
import { labelOfField, type Vocabulary } from "@/format/names";
import { formatDelay } from "@/format/steps";
import { EXIT_REASONS, ROLES } from "@/format/words";
import { showBody } from "./forms/webhook";
import { describeShares, variantsOf } from "./message/variants";
import { type Config, textOf, textsOf, valuesOf } from "./stepValues";
import { describeDelay } from "./words";

export interface Said {
  label: string;
  says: string;
}

export function summaryOf(
  step: Step,
  campaign: Campaign,
  vocabulary: Vocabulary,
  nameOfUser: NameOfUser,
): Said[] {
  const isFirst = step.parent_step_id === null && step.step_order === 1;
  const rows = [
    { label: "When", says: describeDelay(valuesOf(step), campaign, isFirst) },
    ...does(step, vocabulary, nameOfUser),
    {
      label: "If it fails",
      says:
        step.on_failure === "exit"
          ? "The campaign ends for this contact."
          : "The next step follows.",
    },
  ];
  return rows.filter(({ says }) => says !== "");
}

function does(step: Step, vocabulary: Vocabulary, nameOfUser: NameOfUser): Said[] {
  const config = step.step_config;
  const told = (label: string, name: string) => ({ label, says: textOf(config, name) });
  const user = (id: string) => nameOfUser(id) ?? "Somebody who is not here any more";
  switch (step.step_type) {
    case "send_email":
    case "send_sms": {
      const variants = variantsOf(config);
      return [
        told("From name", "from_name"),
        told("Replies go to", "reply_to"),
        told("Preview line", "preheader"),
        { label: "A/B test", says: variants.length > 0 ? describeShares(variants) : "" },
      ];
    }
    case "create_task": {
      const due = config.due_in_days;
      return [
        told("Title", "title"),
        told("Description", "description"),
        told("Kind of task", "task_type"),
        { label: "Due in", says: typeof due === "number" ? counted(due, "day") : "" },
        told("Priority", "priority"),
        {
          label: "Assigned to",
          says: config.assigned_to ? user(textOf(config, "assigned_to")) : "The contact's user",
        },
      ];
    }
    case "wait":
      return isRecord(config.until) ? untilRows(config.until, vocabulary) : [];
    case "update_field": {
      const name = `${textOf(config, "entity")}.${textOf(config, "field")}`;
      const value = config.value === null ? "" : String(config.value ?? "");
      const isUser = config.field === "assigned_to" && value && !value.includes("{");
      return [
        {
          label: "Field",
          says: labelOfField(name.replace(/^contact\.custom\./, "custom."), vocabulary),
        },
        { label: "New value", says: isUser ? user(value) : value || "None: it is cleared" },
      ];
    }
    case "manage_tags":
      return [
        { label: "Adds", says: textsOf(config, "add").join(", ") },
        { label: "Removes", says: textsOf(config, "remove").join(", ") },
      ];
    case "notify": {
      const role = Object.entries(ROLES).find(([name]) => name === config.role)?.[1];
      const whom = [
        config.assignee === true ? "The contact's user" : "",
        ...textsOf(config, "user_ids").map(user),
        role ? `Everybody of the role ${role.toLowerCase()}` : "",
      ];
      return [
        { label: "To", says: whom.filter(Boolean).join(", ") },
        told("Title", "title"),
        told("Message", "message"),
      ];
    }
    case "webhook":
      return [
        {
          label: "Request",
          says: `${textOf(config, "method") || "POST"} ${textOf(config, "url")}`,
        },
        { label: "Body", says: showBody(config.body) },
      ];
    case "conditional":
      return [
        {
          label: "Conditions",
          says:
            describeConditions(step.conditions, vocabulary, nameOfUser) ||
            "None: everybody goes the way of “yes”.",
        },
      ];
    case "exit_campaign": {
      const reason = Object.entries(EXIT_REASONS).find(([name]) => name === config.reason);
      return [{ label: "Reason", says: reason?.[1] ?? "" }];
    }
  }
}

function untilRows(until: Config, vocabulary: Vocabulary): Said[] {
  const event = textOf(until, "event");
  const { delay_value: value, delay_unit: unit } = isRecord(until.timeout) ? until.timeout : {};
  const known = vocabulary.events.find(({ name }) => name === event);
  const isTime = unit === "minutes" || unit === "hours" || unit === "days" || unit === "weeks";
  return [
    { label: "Until", says: known?.label ?? event },
    { label: "No longer than", says: isTime ? formatDelay(Number(value), unit) : "" },
  ];
}
