/**
 * Edits of a campaign's steps as calls of the API, each with its opposite: what undo and redo are made of.
 *
 * An edit says what to do where, not what everything is to be: what other people have changed meanwhile stays. A step
 * that is made again gets another id, which `Ids` keeps.
 */

import type { Schemas } from "@/api/client";
import type { Step } from "@/api/types";
import {
  type Definition,
  inList,
  isSameList,
  listOf,
  orderAt,
  type Place,
  placeOf,
  SIDES,
  treeOf,
} from "./flow";

/** What an edit may change of a step besides its place. */
export const FIELDS = [
  "step_type",
  "step_config",
  "delay_value",
  "delay_unit",
  "conditions",
  "true_path_step_id",
  "false_path_step_id",
  "on_failure",
] as const;

type Path = (typeof SIDES)[number]["path"];
export type Fields = Partial<Pick<Definition, (typeof FIELDS)[number]>>;

/** A jump into a tree of steps, from within or from outside. */
interface Jump {
  from: string;
  path: Path;
  to: string;
}

export type Edit =
  /** A step with all that is in its branches, and what jumps to them. */
  | { kind: "add" | "remove"; tree: readonly Definition[]; at: Place; jumps: readonly Jump[] }
  | { kind: "move"; id: string; from: Place; to: Place }
  | { kind: "alter"; id: string; before: Fields; after: Fields };

/** The API as edits use it. */
export interface Server {
  list(): Promise<Step[]>;
  add(fields: Schemas["StepCreate"]): Promise<Step>;
  alter(id: string, fields: Schemas["StepPatch"]): Promise<void>;
  remove(id: string): Promise<void>;
  order(ids: string[]): Promise<void>;
}

/** The ids that steps have by now. */
export class Ids {
  readonly #now = new Map<string, string>();

  now(id: string): string {
    return this.#now.get(id) ?? id;
  }

  /** The step has been made again. */
  rename(id: string, made: string): void {
    const old = this.now(id);
    for (const [each, now] of this.#now) if (now === old) this.#now.set(each, made);
    this.#now.set(old, made);
    this.#now.set(id, made);
  }
}

/** What takes an edit back. */
export function opposite(edit: Edit): Edit {
  switch (edit.kind) {
    case "add":
      return { ...edit, kind: "remove" };
    case "remove":
      return { ...edit, kind: "add" };
    case "move":
      return { ...edit, from: edit.to, to: edit.from };
    case "alter":
      return { ...edit, before: edit.after, after: edit.before };
  }
}

/** Take a step out, and what is in its branches. */
export function removal(steps: readonly Definition[], step: Definition): Edit {
  const tree = treeOf(steps, step);
  return { kind: "remove", tree, at: placeOf(steps, step), jumps: jumpsInto(steps, tree) };
}

/** A copy of a step, and of what is in its branches, right after it. `newId` gives names until they have ids. */
export function copying(steps: readonly Definition[], step: Definition, newId: () => string): Edit {
  const tree = treeOf(steps, step);
  const ids = new Map(tree.map(({ id }) => [id, newId()]));
  const renamed = <Id extends string | null>(id: Id) => (id ? (ids.get(id) ?? id) : id);
  const copies = tree.map((each) => ({
    ...each,
    id: renamed(each.id),
    parent_step_id: renamed(each.parent_step_id),
    true_path_step_id: renamed(each.true_path_step_id),
    false_path_step_id: renamed(each.false_path_step_id),
  }));
  const here = placeOf(steps, step);
  return {
    kind: "add",
    tree: copies,
    at: { ...here, index: here.index + 1 },
    jumps: jumpsInto(copies, copies),
  };
}

/** What somebody has done in the editor: to the step, or by making one; null if nothing. */
export function done(
  before: readonly Step[],
  after: readonly Step[],
  stepId: string | null,
): Edit | null {
  if (stepId === null) {
    const step = after.find(({ id }) => !before.some((known) => known.id === id));
    if (!step) return null;
    return { kind: "add", tree: [step], at: placeOf(after, step), jumps: [] };
  }
  const was = before.find(({ id }) => id === stepId);
  const is = after.find(({ id }) => id === stepId);
  if (!was) return null;
  if (!is) return removal(before, was);
  const changed = FIELDS.filter((name) => JSON.stringify(was[name]) !== JSON.stringify(is[name]));
  if (changed.length === 0) return null;
  const only = (step: Step): Fields =>
    Object.fromEntries(changed.map((name) => [name, step[name]]));
  return { kind: "alter", id: stepId, before: only(was), after: only(is) };
}

/** Do it. Raises what the server refuses with; a tree that cannot be made whole is taken away again. */
export async function perform(edit: Edit, server: Server, ids: Ids): Promise<void> {
  switch (edit.kind) {
    case "add":
      return plant(edit, server, ids);
    case "remove": {
      const root = edit.tree[0];
      return root && server.remove(ids.now(root.id));
    }
    case "move":
      return move(ids.now(edit.id), inIds(edit.to, ids), server);
    case "alter":
      return server.alter(ids.now(edit.id), fieldsInIds(edit.after, ids));
  }
}

async function move(id: string, to: Place, server: Server): Promise<void> {
  const steps = await server.list();
  const step = steps.find((each) => each.id === id);
  const others = steps.filter((each) => each.id !== id);
  if (step && isSameList(listOf(step), to)) {
    const order = inList(others, to).map((each) => each.id);
    return server.order(order.toSpliced(to.index, 0, id));
  }
  const step_order = orderAt(others, to);
  return server.alter(id, {
    parent_step_id: to.parentId,
    branch: to.branch,
    ...(step_order !== undefined && { step_order }),
  });
}

async function plant(
  { tree, at, jumps }: Extract<Edit, { tree: unknown }>,
  server: Server,
  ids: Ids,
): Promise<void> {
  const steps = await server.list();
  const there = new Set(steps.map(({ id }) => id));
  let root: Step | undefined;
  try {
    for (const definition of tree) {
      const place = root
        ? { parent_step_id: inId(definition.parent_step_id, ids), branch: definition.branch }
        : rootPlace(steps, inIds(at, ids));
      const made = await server.add({ ...fieldsOf(definition, jumps, there, ids), ...place });
      ids.rename(definition.id, made.id);
      root ??= made;
      there.add(made.id);
    }
    for (const [from, paths] of pathsByStep(jumps, ids))
      if (there.has(from)) await server.alter(from, paths);
  } catch (error) {
    if (root) await server.remove(root.id);
    throw error;
  }
}

function rootPlace(steps: readonly Definition[], at: Place) {
  const step_order = orderAt(steps, at);
  return {
    parent_step_id: at.parentId,
    branch: at.branch,
    ...(step_order !== undefined && { step_order }),
  };
}

/** What a step is made with. Its jumps into the tree wait until that is there; those to what is gone are left out. */
function fieldsOf(
  definition: Definition,
  jumps: readonly Jump[],
  there: ReadonlySet<string>,
  ids: Ids,
): Schemas["StepCreate"] {
  const { step_type, step_config, delay_value, delay_unit, on_failure } = definition;
  const fields = { step_type, step_config, delay_value, delay_unit, on_failure };
  if (step_type !== "conditional") return fields;
  const paths = SIDES.map(({ path }) => {
    const isLater = jumps.some((jump) => jump.from === definition.id && jump.path === path);
    const to = inId(definition[path], ids);
    return [path, to && there.has(to) && !isLater ? to : null];
  });
  return { ...fields, conditions: definition.conditions, ...Object.fromEntries(paths) };
}

function jumpsInto(steps: readonly Definition[], tree: readonly Definition[]): Jump[] {
  return steps.flatMap((step) =>
    SIDES.flatMap(({ path }) => {
      const to = step[path];
      return to && tree.some(({ id }) => id === to) ? [{ from: step.id, path, to }] : [];
    }),
  );
}

/** Both jumps of a step go in one call: one alone would leave the other pointing to what is gone. */
function pathsByStep(jumps: readonly Jump[], ids: Ids): Map<string, Partial<Record<Path, string>>> {
  const byStep = new Map<string, Partial<Record<Path, string>>>();
  for (const { from, path, to } of jumps)
    byStep.set(ids.now(from), { ...byStep.get(ids.now(from)), [path]: ids.now(to) });
  return byStep;
}

function inId(id: string | null, ids: Ids): string | null {
  return id === null ? null : ids.now(id);
}

function inIds(place: Place, ids: Ids): Place {
  return { ...place, parentId: inId(place.parentId, ids) };
}

function fieldsInIds(fields: Fields, ids: Ids): Fields {
  const paths = SIDES.flatMap(({ path }) => {
    const to = fields[path];
    return to ? [[path, ids.now(to)]] : [];
  });
  return { ...fields, ...Object.fromEntries(paths) };
}
