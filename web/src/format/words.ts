/** What the API's enum values are called on the pages. */

import type { Schemas } from "@/api/client";

type Words<Value extends string> = Readonly<Record<Value, string>>;

export const CAMPAIGN_TYPES: Words<Schemas["CampaignType"]> = {
  drip: "Drip",
  event: "Event",
  reengagement: "Re-engagement",
  retention: "Retention",
  nurture: "Nurture",
};

export const CAMPAIGN_STATUSES: Words<Schemas["CampaignStatus"]> = {
  draft: "Draft",
  active: "Active",
  paused: "Paused",
  archived: "Archived",
};

export const GOALS: Words<Schemas["GoalType"]> = {
  appointments: "Appointments",
  deals: "Deals won",
  reviews: "Reviews",
  engagement: "Engagement",
};

export const STEP_TYPES: Words<Schemas["StepType"]> = {
  send_email: "E-mail",
  send_sms: "Text message",
  create_task: "Task",
  wait: "Wait",
  update_field: "Update field",
  manage_tags: "Tags",
  notify: "Notification",
  webhook: "Webhook",
  conditional: "Branch",
  exit_campaign: "Exit",
};

export const ENROLLMENT_STATUSES: Words<Schemas["EnrollmentStatus"]> = {
  active: "Active",
  paused: "Paused",
  completed: "Completed",
  exited: "Exited",
  failed: "Failed",
};

export const EXECUTION_STATUSES: Words<Schemas["ExecutionStatus"]> = {
  pending: "Waiting",
  running: "Running",
  completed: "Done",
  failed: "Failed",
  skipped: "Skipped",
  unknown: "Unknown",
};

export const EXIT_REASONS: Words<Schemas["ExitReason"]> = {
  completed: "Finished all steps",
  goal_achieved: "Goal achieved",
  unsubscribed: "Unsubscribed",
  stage_changed: "Stage changed",
  manual_remove: "Removed by hand",
  error: "Error",
  replied: "Replied",
  campaign_archived: "Campaign archived",
  contact_deleted: "Contact deleted",
  held_out: "Held out for comparison",
};

export const SOURCES: Words<Schemas["EnrollmentSource"]> = {
  automatic_trigger: "Trigger",
  manual_admin: "By hand",
  api: "API",
  bulk_import: "Bulk",
};

export const ROLES: Words<Schemas["Role"]> = {
  admin: "Admin",
  manager: "Manager",
  staff: "Staff",
};

export const CHANNELS: Words<Schemas["Channel"]> = {
  email: "E-mail",
  sms: "Text message",
};

/** Of tasks; a company may have others. */
export const PRIORITIES = ["low", "normal", "high"];

export const DELAY_UNITS: Words<Schemas["DelayUnit"]> = {
  minutes: "minutes",
  hours: "hours",
  days: "days",
  weeks: "weeks",
};

/** Categories of campaign templates; a company's own may have others. */
export const TEMPLATE_CATEGORIES: Readonly<Record<string, string>> = {
  lead_nurture: "New leads",
  follow_up: "Follow-up",
  reengagement: "Win back",
  review: "Reviews",
};

/** For a select: `[{value, label}]`. */
export function choices<Value extends string>(words: Words<Value>) {
  return Object.entries<string>(words).map(([value, label]) => ({ value: value as Value, label }));
}
