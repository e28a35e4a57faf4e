import {
  ActionIcon,
  Badge,
  Button,
  Group,
  Menu,
  Modal,
  Table,
  Text,
  VisuallyHidden,
} from "@mantine/core";
import { IconDots, IconMail, IconPencil, IconUserOff, IconUserPlus } from "@tabler/icons-react";
import { useState } from "react";
import { api } from "@/api/client";
import type { User } from "@/api/types";
import { counted } from "@/format/format";
import { formatPhone } from "@/format/phone";
import { ROLES } from "@/format/words";
import { useMay, useSession } from "@/session/session";
import { BY_KEYBOARD } from "@/ui/byKeyboard";
import { confirm } from "@/ui/confirm";
import { showDone, showProblem } from "@/ui/forms";
import { Loaded } from "@/ui/Loaded";
import { Pager } from "@/ui/Pager";
import { Section } from "./Section";
import { UserForm } from "./UserForm";

const LIMIT = 50;
const WHOLE = { flexShrink: 0 };

export function Users() {
  const mayConfigure = useMay("configure");
  const [offset, setOffset] = useState(0);
  const [edited, setEdited] = useState<User | "new">();
  const query = api.useQuery(
    "get",
    "/api/users",
    { params: { query: { limit: LIMIT, offset } } },
    { placeholderData: (before) => before },
  );
  const close = () => setEdited(undefined);
  return (
    <Section
      title="Users"
      says="Who of your company may sign in, and what each of them may do."
      actions={
        mayConfigure && (
          <Button leftSection={<IconUserPlus size={16} />} onClick={() => setEdited("new")}>
            Invite a user
          </Button>
        )
      }
    >
      <Loaded query={query}>
        {({ users, total }) => (
          <>
            <UserTable users={users} onEdit={mayConfigure ? setEdited : undefined} />
            <Pager total={total} limit={LIMIT} offset={offset} onMove={setOffset} />
          </>
        )}
      </Loaded>
      <Modal
        opened={edited !== undefined}
        onClose={close}
        title={edited === "new" ? "Invite a user" : "Edit user"}
        centered
      >
        {edited && <UserForm user={edited === "new" ? undefined : edited} onDone={close} />}
      </Modal>
    </Section>
  );
}

interface TableProps {
  users: User[];
  /** Only for those who may. */
  onEdit: ((user: User) => void) | undefined;
}

function UserTable({ users, onEdit }: TableProps) {
  const { user: self } = useSession();
  return (
    <Table.ScrollContainer minWidth={760} scrollAreaProps={BY_KEYBOARD}>
      <Table verticalSpacing="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Name</Table.Th>
            <Table.Th>E-mail</Table.Th>
            <Table.Th>Phone</Table.Th>
            <Table.Th>Role</Table.Th>
            {onEdit && (
              <Table.Th w={60}>
                <VisuallyHidden>Actions</VisuallyHidden>
              </Table.Th>
            )}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {users.map((user) => (
            <Table.Tr key={user.id}>
              <Table.Td>
                <Group gap="xs" wrap="nowrap">
                  <Text size="sm" fw={600} c={user.is_active ? undefined : "dimmed"}>
                    {user.name}
                  </Text>
                  {user.id === self.id && (
                    <Badge variant="light" style={WHOLE}>
                      You
                    </Badge>
                  )}
                  {!user.is_active && (
                    <Badge color="gray.7" style={WHOLE}>
                      Deactivated
                    </Badge>
                  )}
                </Group>
              </Table.Td>
              <Table.Td>{user.email}</Table.Td>
              <Table.Td>{user.phone ? formatPhone(user.phone) : "–"}</Table.Td>
              <Table.Td>{ROLES[user.role]}</Table.Td>
              {onEdit && (
                <Table.Td>
                  <Actions user={user} onEdit={onEdit} />
                </Table.Td>
              )}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Actions({ user, onEdit }: { user: User; onEdit: (user: User) => void }) {
  const params = { path: { user_id: user.id } };
  const change = api.useMutation("patch", "/api/users/{user_id}", {
    onError: (error) => showProblem(error),
  });
  const invite = api.useMutation("post", "/api/users/{user_id}/invitation", {
    onSuccess: ({ mail }) =>
      showDone(
        `An invitation is on its way to ${mail.email}. Its link is valid for ${counted(mail.valid_hours / 24, "day")}.`,
      ),
    onError: (error) => showProblem(error),
  });
  async function deactivate() {
    const isSure = await confirm({
      title: `Deactivate ${user.name}?`,
      says: "They are signed out everywhere, their API keys stop, and they cannot come back until an admin reactivates them. What they have done stays.",
      yes: "Deactivate",
      danger: true,
    });
    if (isSure)
      change.mutate(
        { params, body: { is_active: false } },
        { onSuccess: () => showDone(`${user.name} is deactivated.`) },
      );
  }
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray.7"
          aria-label={`Actions for ${user.name}`}
          loading={change.isPending || invite.isPending}
        >
          <IconDots size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconPencil size={16} />} onClick={() => onEdit(user)}>
          Edit
        </Menu.Item>
        {user.is_active ? (
          <>
            <Menu.Item
              leftSection={<IconMail size={16} />}
              onClick={() => invite.mutate({ params })}
            >
              Send an invitation
            </Menu.Item>
            <Menu.Item leftSection={<IconUserOff size={16} />} color="red.9" onClick={deactivate}>
              Deactivate
            </Menu.Item>
          </>
        ) : (
          <Menu.Item
            leftSection={<IconUserPlus size={16} />}
            onClick={() =>
              change.mutate(
                { params, body: { is_active: true } },
                { onSuccess: () => showDone(`${user.name} can sign in again.`) },
              )
            }
          >
            Reactivate
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
