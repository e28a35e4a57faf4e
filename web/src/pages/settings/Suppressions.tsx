import { Button, Select, Table, Text, Tooltip, VisuallyHidden } from "@mantine/core";
import { useState } from "react";
import { api, type Schemas } from "@/api/client";
import { formatPhone } from "@/format/phone";
import { CHANNELS, choices } from "@/format/words";
import { useMay } from "@/session/session";
import { BY_KEYBOARD } from "@/ui/byKeyboard";
import { confirm } from "@/ui/confirm";
import { Empty } from "@/ui/Empty";
import { Filters } from "@/ui/Filters";
import { showDone, showProblem } from "@/ui/forms";
import { Loaded } from "@/ui/Loaded";
import { Pager } from "@/ui/Pager";
import { SearchInput } from "@/ui/SearchInput";
import { When } from "@/ui/When";
import { Section } from "./Section";

type Suppression = Schemas["Suppression"];

const LIMIT = 50;

const REASONS: Record<Suppression["reason"], { label: string; says: string }> = {
  opt_out: { label: "Opted out", says: "They have asked for no more. Only they can take it back." },
  hard_bounce: { label: "Bounced", says: "The mailbox does not exist, or takes nothing." },
  complaint: { label: "Called it spam", says: "They have reported one of your e-mails as spam." },
};

export function Suppressions() {
  const [channel, setChannel] = useState<Suppression["channel"] | null>(null);
  const [search, setSearch] = useState<string>();
  const [offset, setOffset] = useState(0);
  const filters = { ...(channel && { channel }), ...(search && { search }) };
  const query = api.useQuery(
    "get",
    "/api/suppressions",
    { params: { query: { ...filters, limit: LIMIT, offset } } },
    { placeholderData: (before) => before },
  );
  const isFiltered = Object.keys(filters).length > 0;
  return (
    <Section
      title="Do not contact"
      says="Addresses that nothing is sent to, whichever contact has them, and whatever a campaign says."
    >
      <Filters>
        <SearchInput
          label="Search"
          placeholder="E-mail or phone"
          value={search}
          onChange={(wanted) => {
            setSearch(wanted);
            setOffset(0);
          }}
        />
        <Select
          label="Channel"
          placeholder="Any"
          clearable
          data={choices(CHANNELS)}
          value={channel}
          onChange={(value) => {
            setChannel(value);
            setOffset(0);
          }}
        />
      </Filters>
      <Loaded query={query}>
        {({ suppressions, total }) =>
          suppressions.length > 0 ? (
            <>
              <Addresses suppressions={suppressions} />
              <Pager total={total} limit={LIMIT} offset={offset} onMove={setOffset} />
            </>
          ) : isFiltered ? (
            <Empty title="Nothing fits" says="Nobody with such an address is left out." />
          ) : (
            <Empty
              title="Nobody is left out"
              says="Whoever opts out, bounces or reports an e-mail as spam is listed here by itself."
            />
          )
        }
      </Loaded>
    </Section>
  );
}

function Addresses({ suppressions }: { suppressions: Suppression[] }) {
  const mayLift = useMay("configure");
  return (
    <Table.ScrollContainer minWidth={700} scrollAreaProps={BY_KEYBOARD}>
      <Table verticalSpacing="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Address</Table.Th>
            <Table.Th>Channel</Table.Th>
            <Table.Th>Because</Table.Th>
            <Table.Th>Since</Table.Th>
            {mayLift && (
              <Table.Th>
                <VisuallyHidden>Actions</VisuallyHidden>
              </Table.Th>
            )}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {suppressions.map((suppression) => (
            <Table.Tr key={suppression.id}>
              <Table.Td>
                <Text size="sm" fw={600}>
                  {formatPhone(suppression.address)}
                </Text>
              </Table.Td>
              <Table.Td>{CHANNELS[suppression.channel]}</Table.Td>
              <Table.Td>
                {REASONS[suppression.reason].label}
                <Text size="xs" c="dimmed">
                  {REASONS[suppression.reason].says}
                </Text>
              </Table.Td>
              <Table.Td>
                <When at={suppression.created_at} />
              </Table.Td>
              {mayLift && (
                <Table.Td ta="right">
                  <TryAgain suppression={suppression} />
                </Table.Td>
              )}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

const RISKS = {
  hard_bounce:
    "If it bounces again it comes back to this list. Many bounces make mail providers distrust all that you send.",
  complaint:
    "They have called your e-mail spam. Try again only if they have told you that they want it: another complaint makes mail providers distrust all that you send.",
};

/** An address that bounced or complained may be tried again; an opt-out is the person's own. */
function TryAgain({ suppression }: { suppression: Suppression }) {
  const { id, reason } = suppression;
  const address = formatPhone(suppression.address);
  const lift = api.useMutation("delete", "/api/suppressions/{suppression_id}", {
    onSuccess: () => showDone(`${address} is written to again.`),
    onError: (error) => showProblem(error),
  });
  if (reason === "opt_out") return null;
  async function ask(says: string) {
    const isSure = await confirm({ title: `Try ${address} again?`, says, yes: "Try again" });
    if (isSure) lift.mutate({ params: { path: { suppression_id: id } } });
  }
  return (
    <Tooltip label="Takes it off the list">
      <Button
        variant="default"
        size="compact-sm"
        aria-label={`Try again: ${address}`}
        loading={lift.isPending}
        onClick={() => ask(RISKS[reason])}
      >
        Try again
      </Button>
    </Tooltip>
  );
}
