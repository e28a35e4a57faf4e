import { api } from "@/api/client";
import type { Vocabulary } from "@/format/names";

/** What texts, conditions and triggers may name; nothing until it is known. */
export function useVocabulary(): Vocabulary | undefined {
  return api.useQuery("get", "/api/vocabulary", {}, { staleTime: 60_000 }).data;
}
