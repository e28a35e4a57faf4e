import { Group, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { api, type Schemas } from "@/api/client";
import { readable } from "@/format/names";
import { Loaded } from "@/ui/Loaded";
import { Pager } from "@/ui/Pager";
import { useUserChoices } from "@/ui/UserSelect";
import { When } from "@/ui/When";

type Consent = Schemas["Consent"];

const LIMIT = 20;

/** What a contact has allowed and stopped allowing, and how we know. */
export function ConsentHistory({ contactId }: { contactId: string }) {
  const [offset, setOffset] = useState(0);
  const query = api.useQuery(
    "get",
    "/api/contacts/{contact_id}/consents",
    { params: { path: { contact_id: contactId }, query: { limit: LIMIT, offset } } },
    { placeholderData: (before) => before },
  );
  return (
    <Loaded query={query} lines={3}>
      {({ consents, total }) =>
        consents.length > 0 ? (
          <>
            <Stack gap="md">
              {consents.map((consent) => (
                <Row key={consent.id} consent={consent} />
              ))}
            </Stack>
            {total > LIMIT && (
              <Pager total={total} limit={LIMIT} offset={offset} onMove={setOffset} />
            )}
          </>
        ) : (
          <Text size="sm" c="dimmed">
            Nothing is on record: the contact has neither agreed to texts nor opted out.
          </Text>
        )
      }
    </Loaded>
  );
}

function Row({ consent }: { consent: Consent }) {
  const user = useUserChoices().find(({ value }) => value === consent.recorded_by);
  return (
    <div>
      <Group gap="xs">
        <Text size="sm" fw={600}>
          {SAYS[consent.channel][consent.action]}
        </Text>
      </Group>
      {consent.wording && (
        <Text size="sm" style={{ overflowWrap: "anywhere" }}>
          “{consent.wording}”
        </Text>
      )}
      <Text size="xs" c="dimmed">
        <When at={consent.given_at} /> · {SOURCES[consent.source] ?? readable(consent.source)}
        {user && `, noted by ${user.label}`}
      </Text>
    </div>
  );
}

const SAYS: Readonly<
  Record<Schemas["Channel"], Readonly<Record<Schemas["ConsentAction"], string>>>
> = {
  email: {
    consented: "Agreed to e-mail",
    withdrawn: "Took back the consent to e-mail",
    opted_out: "Opted out of e-mail",
    opted_in: "Opted in to e-mail again",
  },
  sms: {
    consented: "Agreed to texts",
    withdrawn: "Took back the consent to texts",
    opted_out: "Opted out of texts",
    opted_in: "Opted in to texts again",
  },
};

/** By which way we heard of it; clients of the API may name others. */
const SOURCES: Readonly<Record<string, string>> = {
  user: "By hand",
  api: "API",
  import: "CSV file",
  email_reply: "Reply to an e-mail",
  unsubscribe_link: "Unsubscribe link",
  do_not_contact: "Do not contact",
  carrier: "Told by the carrier",
  complaint: "Reported as spam",
  sms_keyword: "Answer by text",
  system: "By the system",
};
