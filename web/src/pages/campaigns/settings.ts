/** A campaign's settings as a form holds them, and as the API takes them. */

import type { Schemas } from "@/api/client";
import type { Campaign } from "@/api/types";

export const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] as const;
type Day = (typeof DAYS)[number];

/** Whose clock the hours are on: `""` is the company's. */
export interface Hours {
  start: number;
  end: number;
  days: Day[];
  timezone: string;
}

export interface SettingsForm {
  name: string;
  description: string;
  campaign_type: Campaign["campaign_type"];
  goal_type: NonNullable<Campaign["goal_type"]> | null;
  goal_target: number | "";
  enrollment_type: Campaign["enrollment_type"];
  max_enrollments: number | "";
  allow_re_enrollment: boolean;
  re_enrollment_delay_days: number | "";
  respect_business_hours: boolean;
  business_hours: Hours;
  holidays: "none" | "us_federal" | "own";
  own_holidays: string[];
  on_resume: Campaign["on_resume"];
  exit_on_reply: boolean;
  exit_on_stages: string[];
  holdout_percent: number;
  priority: number;
}

/** What holds where a campaign has no hours of its own (design, section 4). */
const USUAL_HOURS: Hours = {
  start: 9,
  end: 17,
  days: ["Mon", "Tue", "Wed", "Thu", "Fri"],
  timezone: "",
};

export const NEW_CAMPAIGN: SettingsForm = {
  name: "",
  description: "",
  campaign_type: "drip",
  goal_type: null,
  goal_target: "",
  enrollment_type: "automatic",
  max_enrollments: "",
  allow_re_enrollment: false,
  re_enrollment_delay_days: "",
  respect_business_hours: true,
  business_hours: USUAL_HOURS,
  holidays: "none",
  own_holidays: [],
  on_resume: "send",
  exit_on_reply: true,
  exit_on_stages: [],
  holdout_percent: 0,
  priority: 0,
};

/** The form of a campaign that is there. */
export function formOf(campaign: Campaign): SettingsForm {
  const { holidays } = campaign;
  return {
    name: campaign.name,
    description: campaign.description ?? "",
    campaign_type: campaign.campaign_type,
    goal_type: campaign.goal_type,
    goal_target: campaign.goal_target ?? "",
    enrollment_type: campaign.enrollment_type,
    max_enrollments: campaign.max_enrollments ?? "",
    allow_re_enrollment: campaign.allow_re_enrollment,
    re_enrollment_delay_days: campaign.re_enrollment_delay_days ?? "",
    respect_business_hours: campaign.respect_business_hours,
    business_hours: { ...USUAL_HOURS, ...campaign.business_hours },
    holidays: holidays === null ? "none" : holidays === "us_federal" ? "us_federal" : "own",
    own_holidays: Array.isArray(holidays) ? holidays : [],
    on_resume: campaign.on_resume,
    exit_on_reply: campaign.exit_on_reply,
    exit_on_stages: campaign.exit_on_stages,
    holdout_percent: campaign.holdout_percent,
    priority: campaign.priority,
  };
}

/** What the API is to be told: all of it, so that what was emptied is none. */
export function bodyOf(form: SettingsForm): Schemas["CampaignCreate"] {
  const { own_holidays, holidays, business_hours, ...rest } = form;
  const { timezone, ...hours } = business_hours;
  return {
    ...rest,
    description: form.description || null,
    goal_target: numberOr(form.goal_target),
    max_enrollments: numberOr(form.max_enrollments),
    re_enrollment_delay_days: numberOr(form.re_enrollment_delay_days),
    business_hours: form.respect_business_hours
      ? { ...hours, ...(timezone ? { timezone } : {}) }
      : null,
    holidays: { none: null, us_federal: "us_federal" as const, own: own_holidays }[holidays],
  };
}

/** 9:00 AM for 9, 5:30 PM for 17.5, midnight for 24. */
export function hourLabel(hour: number): string {
  if (hour === 24) return "Midnight";
  const minutes = hour % 1 ? "30" : "00";
  return `${Math.floor(hour) % 12 || 12}:${minutes} ${hour < 12 ? "AM" : "PM"}`;
}

function numberOr(value: number | ""): number | null {
  return value === "" ? null : value;
}
