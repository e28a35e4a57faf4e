/** Steps for tests. */

import type { Schemas } from "@/api/client";
import { stepOf } from "@/api/fixtures";
import type { Step } from "@/api/types";
import type { Server } from "./edits";
import { inList, isSameList, type List, listOf } from "./flow";

export function step(id: string, fields: Partial<Step> = {}): Step {
  return stepOf(id, { step_type: "manage_tags", step_config: { add: [id] }, ...fields });
}

export function fork(id: string, fields: Partial<Step> = {}): Step {
  return step(id, { step_type: "conditional", step_config: {}, conditions: [], ...fields });
}

/** Steps one after the other: `listed(TRUNK, [step("a"), step("b")])`. */
export function listed(list: List, steps: Step[]): Step[] {
  return steps.map((each, index) => ({
    ...each,
    parent_step_id: list.parentId,
    branch: list.branch,
    step_order: index + 1,
  }));
}

/** A campaign's steps as the API keeps them, with the rules by which it orders and refuses. */
export class FakeServer implements Server {
  calls: string[] = [];
  refuses: (call: string) => boolean = () => false;
  #made = 0;

  constructor(public steps: Step[]) {}

  async list() {
    return this.steps;
  }

  async add(fields: Schemas["StepCreate"]) {
    this.#note(`add ${fields.step_type}`);
    this.#check(fields);
    const { step_order, ...rest } = fields;
    const made = { ...step(`made-${++this.#made}`), ...without(rest) };
    this.#insert(made, step_order ?? undefined);
    return made;
  }

  async alter(id: string, fields: Schemas["StepPatch"]) {
    this.#note(`alter ${id}`);
    this.#check(fields);
    const { step_order, ...rest } = fields;
    const old = this.#find(id);
    const changed = { ...old, ...without(rest) };
    this.steps = this.steps.map((each) => (each.id === id ? changed : each));
    if (isSameList(listOf(old), listOf(changed)) && !step_order) return;
    this.steps = this.steps.filter((each) => each.id !== id);
    this.#number(listOf(old));
    this.#insert(changed, step_order ?? undefined);
  }

  async remove(id: string) {
    this.#note(`remove ${id}`);
    const gone = new Set([id]);
    for (const each of this.steps)
      if (each.parent_step_id && gone.has(each.parent_step_id)) gone.add(each.id);
    const list = listOf(this.#find(id));
    this.steps = this.steps.filter((each) => !gone.has(each.id));
    this.#number(list);
  }

  async order(ids: string[]) {
    this.#note(`order ${ids.join(" ")}`);
    const list = inList(this.steps, listOf(this.#find(ids[0] ?? "")));
    if (
      list
        .map((each) => each.id)
        .sort()
        .join() !== [...ids].sort().join()
    )
      throw new Error("names not each step of the list once");
    this.steps = this.steps.map((each) =>
      ids.includes(each.id) ? { ...each, step_order: ids.indexOf(each.id) + 1 } : each,
    );
  }

  #note(call: string) {
    if (this.refuses(call)) throw new Error(`refused: ${call}`);
    this.calls.push(call);
  }

  #find(id: string): Step {
    const found = this.steps.find((each) => each.id === id);
    if (!found) throw new Error(`no such step: ${id}`);
    return found;
  }

  #check(fields: Schemas["StepPatch"]) {
    for (const id of [fields.parent_step_id, fields.true_path_step_id, fields.false_path_step_id])
      if (id) this.#find(id);
  }

  #insert(added: Step, order: number | undefined) {
    const list = inList(this.steps, listOf(added));
    const last = list.at(-1)?.step_order ?? 0;
    const at = order ?? last + 1;
    this.steps = this.steps.map((each) =>
      isSameList(listOf(each), listOf(added)) && each.step_order >= at
        ? { ...each, step_order: each.step_order + 1 }
        : each,
    );
    this.steps = [...this.steps, { ...added, step_order: at }];
  }

  #number(list: List) {
    const ids = inList(this.steps, list).map(({ id }) => id);
    this.steps = this.steps.map((each) =>
      ids.includes(each.id) ? { ...each, step_order: ids.indexOf(each.id) + 1 } : each,
    );
  }
}

/** Without what is not said. */
function without(fields: Schemas["StepPatch"]): Partial<Step> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
