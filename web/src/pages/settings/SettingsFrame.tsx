import { Title } from "@mantine/core";
import { Outlet, useLocation, useNavigate } from "@tanstack/react-router";
import { useMay } from "@/session/session";
import { PageTabs } from "@/ui/PageTabs";

const TABS = [
  { to: "/settings", label: "Company" },
  { to: "/settings/users", label: "Users" },
  { to: "/settings/api-keys", label: "API keys" },
  { to: "/settings/message-templates", label: "Message templates" },
  { to: "/settings/do-not-contact", label: "Do not contact" },
  { to: "/settings/profile", label: "Your profile" },
] as const;

/** What is set for the company and for oneself. */
export function SettingsFrame() {
  const pathname = useLocation().pathname.replace(/\/$/, "");
  const navigate = useNavigate();
  const mayConfigure = useMay("configure");
  return (
    <>
      <Title order={1} size="h2">
        Settings
      </Title>
      <PageTabs
        tabs={TABS.filter(({ to }) => mayConfigure || to !== "/settings/api-keys")}
        here={TABS.find(({ to }) => to === pathname)?.to}
        onMove={(to) => navigate({ to })}
      >
        <Outlet />
      </PageTabs>
    </>
  );
}
