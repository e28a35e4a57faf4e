/** Why something happened as the API tells it, in the words that the pages use. */

import { capitalized } from "./format";
import { labelOfField, type Vocabulary } from "./names";

const FIELD = /(?<![\w@.])(?:contact|project|enrollment|custom|event)\.[a-z_][\w.]*\w/g;

/** "Tags (insured) contains insured: true, so it went the yes way" */
export function sayWhy(why: string, vocabulary: Vocabulary | undefined): string {
  const said = why
    .replace(FIELD, (name) => labelOfField(name, vocabulary))
    .replace("went the true way", "went the yes way")
    .replace("went the false way", "went the no way");
  return capitalized(said);
}
