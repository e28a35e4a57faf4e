import { Button, Code, Modal, Table, Text, VisuallyHidden } from "@mantine/core";
import { IconKey } from "@tabler/icons-react";
import { useState } from "react";
import { api, type Schemas } from "@/api/client";
import { ROLES } from "@/format/words";
import { useMay } from "@/session/session";
import { confirm } from "@/ui/confirm";
import { Empty } from "@/ui/Empty";
import { showDone, showProblem } from "@/ui/forms";
import { Loaded } from "@/ui/Loaded";
import { Pager } from "@/ui/Pager";
import { useNameOfUser } from "@/ui/UserSelect";
import { When } from "@/ui/When";
import { KeyForm, NewKey } from "./KeyForm";
import { Section } from "./Section";

const LIMIT = 50;

export function ApiKeys() {
  return (
    <Section
      title="API keys"
      says="For your CRM and other programs, which enroll contacts and send events by the API."
      actions={<Make />}
    >
      {useMay("configure") ? (
        <KeyList />
      ) : (
        <Empty title="For admins" says="Only an admin sees and makes API keys." />
      )}
    </Section>
  );
}

function KeyList() {
  const [offset, setOffset] = useState(0);
  const query = api.useQuery(
    "get",
    "/api/api-keys",
    { params: { query: { limit: LIMIT, offset } } },
    { placeholderData: (before) => before },
  );
  return (
    <Loaded query={query}>
      {({ api_keys, total }) =>
        api_keys.length > 0 ? (
          <>
            <Keys keys={api_keys} />
            <Pager total={total} limit={LIMIT} offset={offset} onMove={setOffset} />
          </>
        ) : (
          <Empty title="No API keys yet" says="Make one for each program that is to use the API." />
        )
      }
    </Loaded>
  );
}

/** A button that makes a key, and shows it once. */
function Make() {
  const [isOpen, setOpen] = useState(false);
  const [made, setMade] = useState<Schemas["NewApiKey"]>();
  if (!useMay("configure")) return null;
  const close = () => {
    setOpen(false);
    setMade(undefined);
  };
  return (
    <>
      <Button leftSection={<IconKey size={16} />} onClick={() => setOpen(true)}>
        New API key
      </Button>
      <Modal
        opened={isOpen}
        onClose={close}
        title={made ? "Keep this key now" : "New API key"}
        centered
        // It is shown this once: a slip of the mouse must not lose it.
        closeOnClickOutside={!made}
        closeOnEscape={!made}
        withCloseButton={!made}
      >
        {made ? (
          <NewKey apiKey={made.key} onDone={close} />
        ) : (
          <KeyForm onMade={setMade} onCancel={close} />
        )}
      </Modal>
    </>
  );
}

function Keys({ keys }: { keys: Schemas["ApiKey"][] }) {
  const nameOfUser = useNameOfUser();
  const revoke = api.useMutation("delete", "/api/api-keys/{key_id}", {
    onSuccess: () => showDone("The key is revoked."),
    onError: (error) => showProblem(error),
  });
  async function ask(key: Schemas["ApiKey"]) {
    const isSure = await confirm({
      title: `Revoke ${key.name}?`,
      says: "Whatever uses this key is refused from now on. A revoked key does not come back.",
      yes: "Revoke",
      danger: true,
    });
    if (isSure) revoke.mutate({ params: { path: { key_id: key.id } } });
  }
  return (
    <Table.ScrollContainer minWidth={700}>
      <Table verticalSpacing="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Name</Table.Th>
            <Table.Th>Begins with</Table.Th>
            <Table.Th>Role</Table.Th>
            <Table.Th>Acts as</Table.Th>
            <Table.Th>Made</Table.Th>
            <Table.Th>
              <VisuallyHidden>Actions</VisuallyHidden>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {keys.map((key) => (
            <Table.Tr key={key.id}>
              <Table.Td>
                <Text size="sm" fw={600}>
                  {key.name}
                </Text>
              </Table.Td>
              <Table.Td>
                <Code>{key.prefix}…</Code>
              </Table.Td>
              <Table.Td>{ROLES[key.role]}</Table.Td>
              <Table.Td>{nameOfUser(key.user_id) ?? "–"}</Table.Td>
              <Table.Td>
                <When at={key.created_at} />
              </Table.Td>
              <Table.Td ta="right">
                <Button
                  variant="default"
                  size="compact-sm"
                  aria-label={`Revoke ${key.name}`}
                  onClick={() => ask(key)}
                >
                  Revoke
                </Button>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
