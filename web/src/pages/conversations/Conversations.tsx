import {
  Box,
  Button,
  Center,
  Checkbox,
  Group,
  Pagination,
  Stack,
  Text,
  Title,
} from "@mantine/core";
import { IconArrowLeft, IconBan } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "@/api/client";
import { nameOf } from "@/format/format";
import { ReachBadges } from "@/pages/contacts/ReachBadges";
import { isNotToBeContacted, useDoNotContact } from "@/pages/contacts/useDoNotContact";
import { Loaded } from "@/ui/Loaded";
import { AnchorLink } from "@/ui/links";
import { Page } from "@/ui/Page";
import { SearchInput } from "@/ui/SearchInput";
import { ConversationList } from "./ConversationList";
import classes from "./conversations.module.css";
import type { ConversationSearch } from "./search";
import { Thread } from "./Thread";

const route = getRouteApi("/inside/conversations");
const LIMIT = 50;
const POLL_MS = 5_000;

/** What contacts and the company write to each other: what nobody has read comes first. */
export function Conversations() {
  const { contact } = route.useSearch();
  return (
    <Page title="Conversations" says="Replies that nobody has read come first.">
      <div className={classes.desk} data-chosen={contact ? "" : undefined}>
        <Side />
        <div className={classes.main}>
          {contact ? (
            <Chosen key={contact} contactId={contact} />
          ) : (
            <Center h="100%" px="md">
              <Text c="dimmed" size="sm">
                Choose a conversation.
              </Text>
            </Center>
          )}
        </div>
      </div>
    </Page>
  );
}

function Side() {
  const { contact, ...filter } = route.useSearch();
  const navigate = route.useNavigate();
  const [page, setPage] = useState(1);
  const query = api.useQuery(
    "get",
    "/api/conversations",
    { params: { query: { ...filter, limit: LIMIT, offset: (page - 1) * LIMIT } } },
    { placeholderData: (before) => before, refetchInterval: POLL_MS },
  );
  function show(change: ConversationSearch) {
    setPage(1);
    navigate({ search: (before) => ({ ...before, ...change }), replace: true, resetScroll: false });
  }
  return (
    <div className={classes.side}>
      <Stack gap="xs" p="sm">
        <SearchInput
          aria-label="Search"
          placeholder="Name, e-mail or phone"
          value={filter.search}
          onChange={(search) => show({ search })}
        />
        <Checkbox
          size="xs"
          label="Only what is unread"
          checked={filter.unread ?? false}
          onChange={(event) => show({ unread: event.currentTarget.checked || undefined })}
        />
      </Stack>
      <div className={classes.list}>
        <Loaded query={query}>
          {({ conversations, total }) =>
            conversations.length > 0 ? (
              <>
                <ConversationList conversations={conversations} chosen={contact} />
                {total > LIMIT && (
                  <Pagination
                    size="xs"
                    m="sm"
                    siblings={0}
                    total={Math.ceil(total / LIMIT)}
                    value={page}
                    onChange={setPage}
                    getItemProps={(item) => ({ "aria-label": `Page ${item}` })}
                    getControlProps={(control) => ({ "aria-label": `${control} page` })}
                  />
                )}
              </>
            ) : (
              <Text size="sm" c="dimmed" p="md">
                {emptySays(filter)}
              </Text>
            )
          }
        </Loaded>
      </div>
    </div>
  );
}

function emptySays({ search, unread }: ConversationSearch): string {
  if (search) return "No conversation is with somebody of that name or address.";
  if (unread) return "Everything is read.";
  return "Nobody has written or been written to yet. Start a campaign, or write to a contact from its page.";
}

/** The thread of the chosen contact. */
function Chosen({ contactId }: { contactId: string }) {
  const doNotContact = useDoNotContact();
  const query = api.useQuery(
    "get",
    "/api/contacts/{contact_id}",
    { params: { path: { contact_id: contactId } } },
    { refetchInterval: POLL_MS },
  );
  return (
    <Loaded query={query}>
      {({ contact }) => (
        <Stack gap={0} h="100%">
          <Group justify="space-between" px="md" py="xs" gap="xs" style={LINE}>
            <Group gap="sm">
              <Box hiddenFrom="sm">
                <AnchorLink
                  to="/conversations"
                  search={(before) => ({ ...before, contact: undefined })}
                  aria-label="All conversations"
                >
                  <IconArrowLeft size={18} style={{ display: "block" }} aria-hidden />
                </AnchorLink>
              </Box>
              <Title order={2} size="h5">
                <AnchorLink to="/contacts/$contactId" params={{ contactId }} inherit>
                  {nameOf(contact)}
                </AnchorLink>
              </Title>
              <ReachBadges contact={contact} />
            </Group>
            {!isNotToBeContacted(contact) && (
              <Button
                size="xs"
                variant="outline"
                color="red.9"
                leftSection={<IconBan size={14} />}
                loading={doNotContact.isPending}
                onClick={() => doNotContact.ask(contact)}
              >
                Do not contact
              </Button>
            )}
          </Group>
          <Box flex={1} mih={0}>
            <Thread contact={contact} />
          </Box>
        </Stack>
      )}
    </Loaded>
  );
}

const LINE = { borderBottom: "1px solid var(--mantine-color-default-border)" };
