import { api } from "@/api/client";

/** How many of the newest are looked through for what is in use. */
const SAMPLE = { params: { query: { limit: 200 } } };
const STALE_MS = 300_000;

/** What contacts and projects hold in that field at present, for whoever writes it by hand. */
export function useSuggestions(field: string): string[] {
  const [entity, name] = field.split(".");
  const contacts = api.useQuery("get", "/api/contacts", SAMPLE, {
    staleTime: STALE_MS,
    enabled: entity === "contact",
  });
  const projects = api.useQuery("get", "/api/projects", SAMPLE, {
    staleTime: STALE_MS,
    enabled: field === "project.stage",
  });
  const company = api.useQuery("get", "/api/settings", {}, { enabled: field === "project.stage" });
  if (field === "project.stage")
    return distinct([
      company.data?.settings.won_stage,
      ...(projects.data?.projects ?? []).map(({ stage }) => stage),
    ]);
  const all = contacts.data?.contacts ?? [];
  switch (name) {
    case "tags":
      return distinct(all.flatMap(({ tags }) => tags));
    case "stage":
    case "state":
    case "postal_code":
    case "timezone":
      return distinct(all.map((contact) => contact[name]));
    default:
      return [];
  }
}

function distinct(values: readonly (string | null | undefined)[]): string[] {
  return [...new Set(values.filter((value) => !!value).map(String))].sort();
}
