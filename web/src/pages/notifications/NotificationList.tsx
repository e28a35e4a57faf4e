import { ActionIcon, Button, Group, Paper, SegmentedControl, Stack, Text } from "@mantine/core";
import { IconCheck, IconChecks, IconMailOpened } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";
import { api } from "@/api/client";
import type { Notification } from "@/api/types";
import { formatCount } from "@/format/format";
import { Empty } from "@/ui/Empty";
import { showProblem } from "@/ui/forms";
import { Loaded } from "@/ui/Loaded";
import { Page } from "@/ui/Page";
import { Pager } from "@/ui/Pager";
import { CampaignLink, ContactLink } from "@/ui/references";
import { When } from "@/ui/When";
import type { NotificationSearch } from "./search";
import { useReadAll } from "./useReadAll";

const route = getRouteApi("/inside/notifications");
const LIMIT = 50;

/** What the system has told the one who is signed in; what is not read yet first. */
export function NotificationList() {
  const { show = "unread", page = 1 } = route.useSearch();
  const navigate = route.useNavigate();
  const offset = (page - 1) * LIMIT;
  const query = api.useQuery(
    "get",
    "/api/notifications",
    { params: { query: { unread: show === "unread", limit: LIMIT, offset } } },
    { placeholderData: (before) => before, refetchInterval: 15_000 },
  );
  const readAll = useReadAll();
  const unread = query.data?.unread ?? 0;
  const go = (search: NotificationSearch) => navigate({ search, resetScroll: false });
  return (
    <Page
      title="Notifications"
      says="What campaigns have to tell you."
      actions={
        unread > 0 && (
          <Button
            variant="default"
            leftSection={<IconChecks size={16} />}
            loading={readAll.isPending}
            onClick={() => readAll.mutate()}
          >
            Mark all as read
          </Button>
        )
      }
    >
      <SegmentedControl
        mb="md"
        aria-label="Which notifications"
        data={[
          { value: "unread", label: unread > 0 ? `Unread (${formatCount(unread)})` : "Unread" },
          { value: "all", label: "All" },
        ]}
        value={show}
        onChange={(value) => go(value === "all" ? { show: "all" } : {})}
      />
      <Loaded query={query}>
        {({ notifications, total }) =>
          notifications.length > 0 ? (
            <>
              <Stack gap="xs" component="ul" m={0} p={0} style={{ listStyle: "none" }}>
                {notifications.map((each) => (
                  <Item key={each.id} notification={each} />
                ))}
              </Stack>
              <Pager
                total={total}
                limit={LIMIT}
                offset={offset}
                onMove={(to) =>
                  go({ ...(show === "all" && { show: "all" }), page: to / LIMIT + 1 })
                }
              />
            </>
          ) : show === "unread" ? (
            <Empty title="You have read everything" says="What is new comes here by itself.">
              <Button variant="default" onClick={() => go({ show: "all" })}>
                Show all
              </Button>
            </Empty>
          ) : (
            <Empty
              title="Nothing yet"
              says="Steps of the type “Notification” tell you here what happens in their campaign."
            />
          )
        }
      </Loaded>
    </Page>
  );
}

function Item({ notification: each }: { notification: Notification }) {
  const isUnread = each.read_at === null;
  const change = api.useMutation("patch", "/api/notifications/{notification_id}", {
    onError: (error) => showProblem(error),
  });
  const verb = isUnread ? "Mark as read" : "Mark as unread";
  return (
    <Paper
      component="li"
      withBorder
      px="md"
      py="sm"
      style={
        isUnread ? { boxShadow: "inset 3px 0 var(--mantine-color-slate-8)" } : { opacity: 0.92 }
      }
    >
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <div>
          <Text fw={isUnread ? 650 : 500} size="sm">
            {each.title}
          </Text>
          <Text size="sm" style={{ overflowWrap: "anywhere" }}>
            {each.message}
          </Text>
          <Group gap={4} mt={2} fz="xs" c="dimmed">
            <When at={each.created_at} />
            {each.contact_id && (
              <span>
                · <ContactLink contactId={each.contact_id} />
              </span>
            )}
            {each.campaign_id && (
              <span>
                · <CampaignLink campaignId={each.campaign_id} enrollmentId={each.enrollment_id} />
              </span>
            )}
          </Group>
        </div>
        <ActionIcon
          variant="subtle"
          color={isUnread ? "slate" : "gray.8"}
          aria-label={`${verb}: ${each.title}`}
          title={verb}
          loading={change.isPending}
          onClick={() =>
            change.mutate({
              params: { path: { notification_id: each.id } },
              body: { is_read: isUnread },
            })
          }
        >
          {isUnread ? <IconCheck size={18} /> : <IconMailOpened size={18} />}
        </ActionIcon>
      </Group>
    </Paper>
  );
}
