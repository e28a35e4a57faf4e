/** What a step has counted before it is saved, and before anybody has come to it. */
export const NOBODY_CAME = {
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
  created_at: "",
  updated_at: "",
};
