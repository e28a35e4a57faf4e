/** Names for what the API answers, so that pages need not spell them out. */

import type { Schemas } from "./client";

export type Campaign = Schemas["Campaign"];
export type CampaignStatus = Schemas["CampaignStatus"];
export type CampaignTemplate = Schemas["CampaignTemplate"];
export type Contact = Schemas["Contact"];
export type Enrollment = Schemas["Enrollment"];
export type EnrollmentDetail = Schemas["EnrollmentDetail"];
export type EnrollmentStatus = Schemas["EnrollmentStatus"];
export type Execution = Schemas["Execution"];
export type Job = Schemas["Job"];
export type Me = Schemas["Me"];
export type Message = Schemas["Message"];
export type Notification = Schemas["Notification"];
export type Project = Schemas["Project"];
export type Role = Schemas["Role"];
export type Step = Schemas["Step"];
export type StepType = Schemas["StepType"];
export type Task = Schemas["Task"];
export type Trigger = Schemas["Trigger"];
export type User = Schemas["User"];
