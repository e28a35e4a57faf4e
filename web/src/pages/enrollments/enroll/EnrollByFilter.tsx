import { Button, Group, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { api, problemOf } from "@/api/client";
import type { Campaign } from "@/api/types";
import { ConditionsEditor } from "@/conditions/ConditionsEditor";
import type { Scope } from "@/conditions/fields";
import { formatCount, nameOf } from "@/format/format";
import { Failure } from "@/ui/Failure";
import { Forecast } from "./Forecast";

const SCOPES: Scope[] = ["contact", "custom", "project"];
const EVERYBODY = { all: [] };
const SHOWN = 5;

/** All who fit conditions at the moment when they are enrolled. */
export function EnrollByFilter({ campaign }: { campaign: Campaign }) {
  const [conditions, setConditions] = useState<unknown>(null);
  const [asked, setAsked] = useState<unknown>(undefined);
  const query = api.useQuery(
    "post",
    "/api/contacts/search",
    { body: { filter: asked, limit: SHOWN, offset: 0 } },
    { enabled: asked !== undefined, gcTime: 0 },
  );
  const problem = query.error ? problemOf(query.error) : null;
  const errors = new Map((problem?.errors ?? []).map(({ field, message }) => [field, message]));
  const isShown = asked !== undefined && query.data !== undefined;
  return (
    <Stack>
      <ConditionsEditor
        value={conditions}
        onChange={(changed) => {
          setConditions(changed);
          setAsked(undefined);
        }}
        scopes={SCOPES}
        emptySays="Without conditions it is every contact."
        errorAt={(place) => errors.get(place ? `filter.${place}` : "filter")}
      />
      {problem && errors.size === 0 && <Failure problem={problem} onRetry={query.refetch} />}
      {isShown ? (
        <>
          <Text size="sm" c="dimmed">
            {whoFits(query.data.contacts.map(nameOf), query.data.total)}
          </Text>
          {query.data.total > 0 && <Forecast campaign={campaign} whom={{ filter: asked }} />}
        </>
      ) : (
        <Group justify="flex-end">
          <Button
            variant="default"
            loading={query.isFetching}
            onClick={() => setAsked(conditions ?? EVERYBODY)}
          >
            Show who fits
          </Button>
        </Group>
      )}
    </Stack>
  );
}

function whoFits(names: string[], total: number): string {
  if (total === 0) return "No contact fits.";
  const more = total - names.length;
  return `${names.join(", ")}${more > 0 ? ` and ${formatCount(more)} more` : ""}`;
}
