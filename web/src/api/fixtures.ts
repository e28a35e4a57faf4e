/** What tests have of the API, unless they say otherwise. */

import { NOBODY_CAME } from "./steps";
import type { Step } from "./types";

export function stepOf(id: string, fields: Partial<Step> = {}): Step {
  return {
    ...NOBODY_CAME,
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
    created_at: "2026-01-01T00:00:00Z",
    updated_at: "2026-01-01T00:00:00Z",
    ...fields,
  };
}
