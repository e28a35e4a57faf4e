import { Button, Grid, Group, Menu, Modal, Paper, Stack, Tabs, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import {
  IconArrowLeft,
  IconBan,
  IconChevronDown,
  IconPencil,
  IconTrash,
} from "@tabler/icons-react";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { api } from "@/api/client";
import type { Contact } from "@/api/types";
import { nameOf } from "@/format/format";
import { Thread } from "@/pages/conversations/Thread";
import { TasksOfContact } from "@/pages/tasks/TasksOfContact";
import { confirm } from "@/ui/confirm";
import { showDone, showProblem } from "@/ui/forms";
import { Loaded } from "@/ui/Loaded";
import { AnchorLink } from "@/ui/links";
import { useTitle } from "@/ui/Page";
import { ConsentHistory } from "./ConsentHistory";
import { ContactDetails, ContactSigns } from "./ContactDetails";
import { ContactEnrollments } from "./ContactEnrollments";
import { ContactForm } from "./ContactForm";
import { EnrollButton } from "./EnrollButton";
import { Projects } from "./Projects";
import { isNotToBeContacted, useDoNotContact } from "./useDoNotContact";

const route = getRouteApi("/inside/contacts/$contactId");

/** One contact: who it is, what was said, what is to be done, and which campaigns it is in. */
export function ContactPage() {
  const { contactId } = route.useParams();
  const query = api.useQuery("get", "/api/contacts/{contact_id}", {
    params: { path: { contact_id: contactId } },
  });
  return (
    <Stack>
      <AnchorLink to="/contacts" fz="sm">
        <Group gap={4} wrap="nowrap">
          <IconArrowLeft size={14} aria-hidden /> All contacts
        </Group>
      </AnchorLink>
      <Loaded query={query}>{({ contact }) => <Shown contact={contact} />}</Loaded>
    </Stack>
  );
}

function Shown({ contact }: { contact: Contact }) {
  useTitle(nameOf(contact));
  return (
    <>
      <Group justify="space-between" align="flex-start" gap="sm">
        <div>
          <Title order={1} size="h2">
            {nameOf(contact)}
          </Title>
          <ContactSigns contact={contact} />
        </div>
        <Actions contact={contact} />
      </Group>
      <Grid gap="lg" align="flex-start">
        <Grid.Col span={{ base: 12, md: 4 }}>
          <Stack>
            <ContactDetails contact={contact} />
            <Projects contactId={contact.id} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 8 }}>
          <Sections contact={contact} />
        </Grid.Col>
      </Grid>
    </>
  );
}

function Sections({ contact }: { contact: Contact }) {
  return (
    <Paper withBorder>
      <Tabs defaultValue="conversation" keepMounted={false}>
        <Tabs.List style={{ flexWrap: "nowrap", overflowX: "auto", overflowY: "hidden" }}>
          <Tabs.Tab value="conversation">Conversation</Tabs.Tab>
          <Tabs.Tab value="tasks">Tasks</Tabs.Tab>
          <Tabs.Tab value="campaigns">Campaigns</Tabs.Tab>
          <Tabs.Tab value="consents">Consents</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="conversation">
          <Thread key={contact.id} contact={contact} height={600} />
        </Tabs.Panel>
        <Tabs.Panel value="tasks" p="md">
          <TasksOfContact contactId={contact.id} />
        </Tabs.Panel>
        <Tabs.Panel value="campaigns" p="md">
          <ContactEnrollments contactId={contact.id} />
        </Tabs.Panel>
        <Tabs.Panel value="consents" p="md">
          <ConsentHistory contactId={contact.id} />
        </Tabs.Panel>
      </Tabs>
    </Paper>
  );
}

function Actions({ contact }: { contact: Contact }) {
  const [isEditing, { open, close }] = useDisclosure();
  const doNotContact = useDoNotContact();
  const navigate = useNavigate();
  const remove = api.useMutation("delete", "/api/contacts/{contact_id}", {
    onSuccess: () => {
      showDone(`${nameOf(contact)} is deleted.`);
      navigate({ to: "/contacts" });
    },
    onError: (error) => showProblem(error),
  });

  async function askToDelete() {
    const yes = await confirm({
      title: `Delete ${nameOf(contact)}?`,
      says: "The contact goes out of sight and out of every campaign, for good. What it brought in stays in the reports.",
      yes: "Delete",
      danger: true,
    });
    if (yes) remove.mutate({ params: { path: { contact_id: contact.id } } });
  }

  return (
    <Group gap="xs">
      {!isNotToBeContacted(contact) && (
        <Button
          variant="outline"
          color="red.9"
          leftSection={<IconBan size={16} />}
          loading={doNotContact.isPending}
          onClick={() => doNotContact.ask(contact)}
        >
          Do not contact
        </Button>
      )}
      <Button variant="default" leftSection={<IconPencil size={16} />} onClick={open}>
        Edit
      </Button>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" rightSection={<IconChevronDown size={16} />}>
            More
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item color="red.9" leftSection={<IconTrash size={16} />} onClick={askToDelete}>
            Delete
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <EnrollButton contactId={contact.id} />
      <Modal opened={isEditing} onClose={close} title={`Edit ${nameOf(contact)}`} size="lg">
        <ContactForm contact={contact} onDone={close} onCancel={close} />
      </Modal>
    </Group>
  );
}
