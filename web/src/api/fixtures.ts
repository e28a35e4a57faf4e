/** What tests have of the API, unless they say otherwise. */

import type { Step } from "./types";

export function stepOf(id: string, fields: Partial<Step> = {}): Step {
  return {
    id,
    campaign_id: "campaign",
    step_type: "send_email",
    step_order: 1,
    step_config: {},
    delay_value: 0,
    delay_unit: "hours",
    parent_step_id: null,
    branch: null,
    conditions: null,
    true_path_step_id: null,
    false_path_step_id: null,
    on_failure: "continue",
    total_executed: 0,
    total_succeeded: 0,
    total_failed: 0,
    waiting: 0,
    done: 0,
    failed: 0,
    skipped: 0,
    unknown: 0,
    winner: null,
    winner_chosen_at: null,
    created_at: "2026-01-01T00:00:00Z",
    updated_at: "2026-01-01T00:00:00Z",
    ...fields,
  };
}
