import { ActionIcon, Button, Group, List, Menu, Stack, Text } from "@mantine/core";
import { modals } from "@mantine/modals";
import {
  IconArchive,
  IconCopy,
  IconDots,
  IconPlayerPause,
  IconPlayerPlay,
  IconTemplate,
  IconTrash,
} from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { api, problemOf } from "@/api/client";
import type { Campaign } from "@/api/types";
import { useMay } from "@/session/session";
import { confirm } from "@/ui/confirm";
import { showDone, showProblem } from "@/ui/forms";
import { SaveAsTemplate } from "./SaveAsTemplate";

/** What happens to what came due in the pause, as `on_resume` says. */
const RESUMED: Record<Campaign["on_resume"], string> = {
  send: "What came due meanwhile goes out now, spread over time.",
  shift: "Everything is due later, by the length of the pause.",
  skip: "What came due meanwhile is skipped.",
};

/** Activate, pause and resume in one click; the rest in a menu. */
export function CampaignActions({ campaign }: { campaign: Campaign }) {
  const maySteer = useMay("steer");
  if (!maySteer) return null;
  return (
    <Group gap="xs">
      <Steer campaign={campaign} />
      <More campaign={campaign} />
    </Group>
  );
}

function Steer({ campaign }: { campaign: Campaign }) {
  const change = api.useMutation("patch", "/api/campaigns/{campaign_id}", {
    onError: (error) => showRefusal(error),
  });
  const become = (status: "active" | "paused") => {
    // When it is done, the campaign here is the changed one already.
    const said = SAYS[status](campaign);
    change.mutate(
      { params: { path: { campaign_id: campaign.id } }, body: { status } },
      { onSuccess: () => showDone(said) },
    );
  };
  switch (campaign.status) {
    case "draft":
      return (
        <Button
          leftSection={<IconPlayerPlay size={16} />}
          loading={change.isPending}
          onClick={() => become("active")}
        >
          Activate
        </Button>
      );
    case "active":
      return (
        <Button
          variant="default"
          leftSection={<IconPlayerPause size={16} />}
          loading={change.isPending}
          onClick={() => become("paused")}
        >
          Pause
        </Button>
      );
    case "paused":
      return (
        <Button
          leftSection={<IconPlayerPlay size={16} />}
          loading={change.isPending}
          onClick={() => become("active")}
        >
          Resume
        </Button>
      );
    case "archived":
      return null;
  }
}

const SAYS = {
  active: (before: Campaign) =>
    before.status === "paused"
      ? `Resumed. ${RESUMED[before.on_resume]}`
      : "Active: contacts can be enrolled, and triggers enroll them.",
  paused: () => "Paused: nothing goes out any more, until you resume.",
} as const;

/** Why a campaign cannot start, each reason with what to mend. */
function showRefusal(error: unknown): void {
  const problem = problemOf(error);
  if (!problem.problems?.length) {
    showProblem(error);
    return;
  }
  modals.open({
    title: "It cannot start yet",
    centered: true,
    children: (
      <Stack>
        <List size="sm" spacing="xs">
          {problem.problems.map((each) => (
            <List.Item key={`${each.step_id} ${each.code} ${each.field}`}>{each.detail}</List.Item>
          ))}
        </List>
        <Text size="sm" c="dimmed">
          The builder shows each at its step.
        </Text>
      </Stack>
    ),
  });
}

function More({ campaign }: { campaign: Campaign }) {
  const mayBuild = useMay("build");
  const navigate = useNavigate();
  const path = { campaign_id: campaign.id };
  const onError = (error: unknown) => showProblem(error);
  const change = api.useMutation("patch", "/api/campaigns/{campaign_id}", { onError });
  const duplicate = api.useMutation("post", "/api/campaigns/{campaign_id}/duplicate", {
    onSuccess: ({ campaign: copy }) => {
      showDone("Here is the copy, a draft.");
      navigate({ to: "/campaigns/$campaignId/builder", params: { campaignId: copy.id } });
    },
    onError,
  });
  const remove = api.useMutation("delete", "/api/campaigns/{campaign_id}", {
    onSuccess: () => navigate({ to: "/campaigns" }),
    onError,
  });

  async function archive() {
    const sure = await confirm({
      title: `Archive ${campaign.name}?`,
      says: "All its enrollments end, and it takes no changes any more. Its numbers stay.",
      yes: "Archive",
      danger: true,
    });
    if (sure) change.mutate({ params: { path }, body: { status: "archived" } });
  }
  async function takeAway() {
    const sure = await confirm({
      title: `Delete ${campaign.name}?`,
      says: "All its enrollments end, and it leaves the list. What was sent stays with the contacts.",
      yes: "Delete",
      danger: true,
    });
    if (sure) remove.mutate({ params: { path } });
  }

  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <ActionIcon variant="default" size="lg" aria-label="More actions">
          <IconDots size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {mayBuild && (
          <>
            <Menu.Item
              leftSection={<IconCopy size={16} />}
              onClick={() => duplicate.mutate({ params: { path } })}
            >
              Duplicate
            </Menu.Item>
            <Menu.Item
              leftSection={<IconTemplate size={16} />}
              onClick={() =>
                modals.open({
                  title: "Save as a template",
                  centered: true,
                  children: <SaveAsTemplate campaign={campaign} />,
                })
              }
            >
              Save as a template
            </Menu.Item>
          </>
        )}
        {campaign.status !== "archived" && (
          <Menu.Item leftSection={<IconArchive size={16} />} onClick={archive}>
            Archive
          </Menu.Item>
        )}
        {mayBuild && (
          <Menu.Item color="red.9" leftSection={<IconTrash size={16} />} onClick={takeAway}>
            Delete
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
