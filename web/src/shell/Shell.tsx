import {
  ActionIcon,
  AppShell,
  Badge,
  Burger,
  Group,
  Indicator,
  Menu,
  NavLink,
  Text,
  UnstyledButton,
} from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import {
  IconBell,
  IconChartBar,
  IconChecklist,
  IconLayoutGrid,
  IconLogout,
  IconMessages,
  IconRoute,
  IconSettings,
  IconUser,
  IconUsers,
} from "@tabler/icons-react";
import { Link, Outlet, useLocation, useNavigate } from "@tanstack/react-router";
import { Suspense, useEffect } from "react";
import { api } from "@/api/client";
import { counted, formatCount } from "@/format/format";
import { ROLES } from "@/format/words";
import { signOut, useSession } from "@/session/session";
import { Logo } from "./Logo";
import styles from "./shell.module.css";

const PLACES = [
  { to: "/campaigns", label: "Campaigns", icon: IconRoute },
  { to: "/campaigns/templates", label: "Templates", icon: IconLayoutGrid },
  { to: "/analytics", label: "Analytics", icon: IconChartBar },
  { to: "/contacts", label: "Contacts", icon: IconUsers },
  { to: "/conversations", label: "Conversations", icon: IconMessages },
  { to: "/tasks", label: "Tasks", icon: IconChecklist },
  { to: "/settings", label: "Settings", icon: IconSettings },
] as const;

/** What is around every page for those who are signed in. */
export function Shell() {
  const [opened, { toggle, close }] = useDisclosure();
  const { pathname } = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: on a phone the menu closes when it has led somewhere
  useEffect(close, [pathname]);
  const here = PLACES.map(({ to }) => to)
    .filter((to) => pathname === to || pathname.startsWith(`${to}/`))
    .at(-1);
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 240, breakpoint: "sm", collapsed: { mobile: !opened } }}
      padding={{ base: "sm", sm: "lg" }}
    >
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger
              opened={opened}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label="Menu"
              aria-expanded={opened}
            />
            <UnstyledButton component={Link} to="/campaigns" title="Campaign Builder">
              <Logo />
            </UnstyledButton>
          </Group>
          <Group gap="sm" wrap="nowrap">
            <Bell />
            <Account />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar
        p="xs"
        component="nav"
        aria-label="Main"
        className={styles.menu}
        data-closed={!opened || undefined}
      >
        {PLACES.map(({ to, label, icon: Icon }) => (
          <NavLink
            key={to}
            component={Link}
            to={to}
            label={label}
            leftSection={<Icon size={18} stroke={1.6} />}
            rightSection={to === "/conversations" && <UnreadReplies />}
            active={to === here}
            // The router would mark what is above a page, too: Campaigns beside Templates.
            activeOptions={{ exact: true }}
            aria-current={to === here ? "page" : undefined}
            style={{ borderRadius: "var(--mantine-radius-md)" }}
          />
        ))}
      </AppShell.Navbar>
      <AppShell.Main>
        <Suspense>
          <Outlet />
        </Suspense>
      </AppShell.Main>
    </AppShell>
  );
}

/** With how many contacts there are replies that nobody has read. */
function UnreadReplies() {
  const { data } = api.useQuery(
    "get",
    "/api/conversations",
    { params: { query: { unread: true, limit: 1 } } },
    { refetchInterval: 15_000 },
  );
  const unread = data?.total ?? 0;
  if (unread === 0) return null;
  return (
    <Badge size="sm" color="red.9" aria-label={`${formatCount(unread)} unread`}>
      {unread > 99 ? "99+" : unread}
    </Badge>
  );
}

function Bell() {
  const { data } = api.useQuery(
    "get",
    "/api/notifications",
    { params: { query: { unread: true, limit: 1 } } },
    { refetchInterval: 30_000 },
  );
  const unread = data?.total ?? 0;
  return (
    <Indicator
      label={unread > 99 ? "99+" : unread}
      disabled={unread === 0}
      size={16}
      offset={7}
      color="red.9"
    >
      <ActionIcon
        component={Link}
        to="/notifications"
        variant="subtle"
        size="lg"
        aria-label={unread ? counted(unread, "unread notification") : "Notifications"}
      >
        <IconBell size={20} stroke={1.6} />
      </ActionIcon>
    </Indicator>
  );
}

function Account() {
  const { user, tenant, role } = useSession();
  const navigate = useNavigate();
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <UnstyledButton>
          <Text size="sm" fw={600} lh={1.2}>
            {user.name}
          </Text>
          <Text size="xs" c="dimmed" lh={1.2}>
            {tenant.name} · {ROLES[role]}
          </Text>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component={Link} to="/settings/profile" leftSection={<IconUser size={16} />}>
          Your profile
        </Menu.Item>
        <Menu.Item
          leftSection={<IconLogout size={16} />}
          onClick={() => signOut(() => navigate({ to: "/sign-in" }))}
        >
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
