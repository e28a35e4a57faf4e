import { Badge } from "@mantine/core";
import type { Schemas } from "@/api/client";
import type { CampaignStatus, EnrollmentStatus } from "@/api/types";
import { CAMPAIGN_STATUSES, ENROLLMENT_STATUSES, EXECUTION_STATUSES } from "@/format/words";

const CAMPAIGN_COLORS: Record<CampaignStatus, string> = {
  draft: "gray.7",
  active: "teal.9",
  paused: "#b5410d",
  archived: "dark.3",
};
export const ENROLLMENT_COLORS: Record<EnrollmentStatus, string> = {
  active: "teal.9",
  paused: "#b5410d",
  completed: "slate.8",
  exited: "gray.7",
  failed: "red.9",
};
const EXECUTION_COLORS: Record<Schemas["ExecutionStatus"], string> = {
  pending: "gray.7",
  running: "slate.8",
  completed: "teal.9",
  failed: "red.9",
  skipped: "#b5410d",
  unknown: "grape.9",
};

export function CampaignBadge({ status }: { status: CampaignStatus }) {
  return (
    <Badge miw="max-content" color={CAMPAIGN_COLORS[status]}>
      {CAMPAIGN_STATUSES[status]}
    </Badge>
  );
}

export function EnrollmentBadge({ status }: { status: EnrollmentStatus }) {
  return (
    <Badge miw="max-content" color={ENROLLMENT_COLORS[status]}>
      {ENROLLMENT_STATUSES[status]}
    </Badge>
  );
}

export function ExecutionBadge({ status }: { status: Schemas["ExecutionStatus"] }) {
  return (
    <Badge miw="max-content" color={EXECUTION_COLORS[status]}>
      {EXECUTION_STATUSES[status]}
    </Badge>
  );
}
