import { Badge, Button, Group, Modal, Table, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconFileUpload, IconPlus } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";
import { api } from "@/api/client";
import type { Contact } from "@/api/types";
import { useSuggestions } from "@/conditions/useSuggestions";
import { nameOf } from "@/format/format";
import { formatPhone } from "@/format/phone";
import { Empty } from "@/ui/Empty";
import { Filters } from "@/ui/Filters";
import { Loaded } from "@/ui/Loaded";
import { AnchorLink, ButtonLink } from "@/ui/links";
import { Page } from "@/ui/Page";
import { Pager } from "@/ui/Pager";
import { SearchInput } from "@/ui/SearchInput";
import { SuggestSelect } from "@/ui/SuggestSelect";
import { ContactForm } from "./ContactForm";
import { ReachBadges } from "./ReachBadges";
import type { ContactSearch } from "./search";

const route = getRouteApi("/inside/contacts");
const LIMIT = 50;

/** The company's contacts, found by name, address, stage and tag. */
export function ContactList() {
  const { page = 1, ...filter } = route.useSearch();
  const navigate = route.useNavigate();
  const [isAdding, { open, close }] = useDisclosure();
  const offset = (page - 1) * LIMIT;
  const query = api.useQuery(
    "get",
    "/api/contacts",
    { params: { query: { ...filter, limit: LIMIT, offset } } },
    { placeholderData: (before) => before },
  );
  const show = (change: ContactSearch, replace = false) =>
    navigate({
      search: (before) => ({ ...before, page: undefined, ...change }),
      replace,
      resetScroll: false,
    });
  const isFiltered = Boolean(filter.search || filter.stage || filter.tag);
  const ways = (
    <>
      <ButtonLink
        to="/contacts/import"
        variant="default"
        leftSection={<IconFileUpload size={16} />}
      >
        Import a CSV file
      </ButtonLink>
      <Button leftSection={<IconPlus size={16} />} onClick={open}>
        Add contact
      </Button>
    </>
  );
  return (
    <Page title="Contacts" says="The homeowners that you write to." actions={ways}>
      <ContactFilters filter={filter} onChange={show} />
      <Loaded query={query} lines={10}>
        {({ contacts, total }) =>
          contacts.length > 0 ? (
            <>
              <Contacts contacts={contacts} isStale={query.isPlaceholderData} />
              <Pager
                total={total}
                limit={LIMIT}
                offset={offset}
                onMove={(to) => show({ page: to / LIMIT + 1 })}
              />
            </>
          ) : isFiltered || page > 1 ? (
            <Empty title="Nobody fits" says="No contact has that name or address, stage and tag.">
              <Button variant="default" onClick={() => navigate({ search: {} })}>
                Show all
              </Button>
            </Empty>
          ) : (
            <Empty
              title="No contacts yet"
              says="Bring those that you have from a CSV file, or add one by hand."
            >
              {ways}
            </Empty>
          )
        }
      </Loaded>
      <Modal opened={isAdding} onClose={close} title="Add a contact" size="lg">
        <ContactForm
          onDone={({ id }) => navigate({ to: "/contacts/$contactId", params: { contactId: id } })}
          onCancel={close}
        />
      </Modal>
    </Page>
  );
}

interface FiltersProps {
  filter: ContactSearch;
  onChange: (change: ContactSearch, replace?: boolean) => void;
}

function ContactFilters({ filter, onChange }: FiltersProps) {
  const stages = useSuggestions("contact.stage");
  const tags = useSuggestions("contact.tags");
  return (
    <Filters>
      <SearchInput
        label="Search"
        placeholder="Name, e-mail or phone"
        value={filter.search}
        onChange={(search) => onChange({ search }, true)}
      />
      <SuggestSelect
        label="Stage"
        placeholder="Any"
        suggestions={stages}
        value={filter.stage}
        onChange={(stage) => onChange({ stage })}
      />
      <SuggestSelect
        label="Tag"
        placeholder="Any"
        suggestions={tags}
        value={filter.tag}
        onChange={(tag) => onChange({ tag })}
      />
    </Filters>
  );
}

function Contacts({ contacts, isStale }: { contacts: Contact[]; isStale: boolean }) {
  return (
    <Table.ScrollContainer minWidth={900} aria-busy={isStale}>
      <Table highlightOnHover verticalSpacing="xs" fz="sm" opacity={isStale ? 0.6 : 1}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Name</Table.Th>
            <Table.Th>E-mail</Table.Th>
            <Table.Th>Phone</Table.Th>
            <Table.Th>Stage</Table.Th>
            <Table.Th>Tags</Table.Th>
            <Table.Th>Allows</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {contacts.map((contact) => (
            <Table.Tr key={contact.id}>
              <Table.Td maw={190}>
                <AnchorLink
                  to="/contacts/$contactId"
                  params={{ contactId: contact.id }}
                  fw={600}
                  fz="sm"
                >
                  {nameOf(contact)}
                </AnchorLink>
              </Table.Td>
              <Table.Td maw={220}>
                <Text size="sm" truncate title={contact.email ?? undefined}>
                  {contact.email ?? "–"}
                </Text>
              </Table.Td>
              <Table.Td style={{ whiteSpace: "nowrap" }}>
                {contact.phone ? formatPhone(contact.phone) : "–"}
              </Table.Td>
              <Table.Td>{contact.stage ?? "–"}</Table.Td>
              <Table.Td maw={220}>
                <Tags tags={contact.tags} />
              </Table.Td>
              <Table.Td>
                <ReachBadges contact={contact} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

const SHOWN = 3;

function Tags({ tags }: { tags: string[] }) {
  const others = tags.slice(SHOWN);
  return (
    <Group gap={4}>
      {tags.slice(0, SHOWN).map((tag) => (
        <Badge key={tag} variant="default" tt="none">
          {tag}
        </Badge>
      ))}
      {others.length > 0 && (
        <Text size="xs" c="dimmed" title={others.join(", ")}>
          +{others.length}
        </Text>
      )}
    </Group>
  );
}
