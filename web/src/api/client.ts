/** The public API, typed by its OpenAPI document. */

import { MutationCache, QueryClient } from "@tanstack/react-query";
import createFetchClient from "openapi-fetch";
import createQueryClient from "openapi-react-query";
import type { components, paths } from "./schema";

export type Schemas = components["schemas"];

/** An error as the API answers it (RFC 9457); `code` is what programs decide by, `detail` is for people. */
export type Problem = Schemas["ProblemShape"];

/** For what is not shown as a query: uploads, files, checks before a page opens. */
export const client = createFetchClient<paths>({ baseUrl: "/" });

/** `api.useQuery("get", "/api/campaigns")`, `api.useMutation("post", …)`. */
export const api = createQueryClient(client);

const UNREACHABLE: Problem = {
  type: "about:blank",
  title: "No answer",
  status: 0,
  code: "unreachable",
  detail: "The server does not answer. Look whether you are online, and try again.",
};

/** Whatever went wrong, as something that can be shown. */
export function problemOf(error: unknown): Problem {
  return typeof error === "object" && error !== null && "code" in error && "detail" in error
    ? (error as Problem)
    : UNREACHABLE;
}

/** A refusal will not change by asking again; a server that does not answer may come back. */
function mayHelpToRepeat(failures: number, error: unknown): boolean {
  return problemOf(error).status === 0 && failures < 2;
}

export const queries: QueryClient = new QueryClient({
  defaultOptions: { queries: { retry: mayHelpToRepeat, staleTime: 5_000 } },
  // What one change touches is for the API to know: all that is on the screen is read anew.
  mutationCache: new MutationCache({ onSuccess: () => queries.invalidateQueries() }),
});
