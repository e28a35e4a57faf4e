import { Alert, Button, Modal, Stack, Tabs, Text } from "@mantine/core";
import { IconInfoCircle } from "@tabler/icons-react";
import { api, problemOf, queries } from "@/api/client";
import type { Campaign } from "@/api/types";
import { useMay } from "@/session/session";
import { Failure } from "@/ui/Failure";
import { EnrollByFilter } from "./EnrollByFilter";
import { EnrollFromFile } from "./EnrollFromFile";
import { EnrollOne } from "./EnrollOne";
import { EnrollSeveral } from "./EnrollSeveral";

interface Props {
  campaign: Campaign;
  opened: boolean;
  onClose: () => void;
  /** Only this one is to be enrolled. */
  contactId?: string;
}

/** Enroll one contact, several, all who fit a filter, or all in a file. */
export function EnrollDialog({ campaign, opened, onClose, contactId }: Props) {
  function close() {
    queries.invalidateQueries();
    onClose();
  }
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={contactId ? `Enroll in ${campaign.name}` : "Enroll contacts"}
      size={contactId ? "md" : "xl"}
      centered={Boolean(contactId)}
    >
      {campaign.status !== "active" ? (
        <NotActive campaign={campaign} />
      ) : contactId ? (
        <EnrollOne campaign={campaign} contactId={contactId} />
      ) : (
        <Tabs defaultValue="one" keepMounted={false}>
          <Tabs.List mb="md">
            <Tabs.Tab value="one">One contact</Tabs.Tab>
            <Tabs.Tab value="several">Several</Tabs.Tab>
            <Tabs.Tab value="filter">By filter</Tabs.Tab>
            <Tabs.Tab value="file">From a CSV file</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="one">
            <EnrollOne campaign={campaign} />
          </Tabs.Panel>
          <Tabs.Panel value="several">
            <EnrollSeveral campaign={campaign} />
          </Tabs.Panel>
          <Tabs.Panel value="filter">
            <EnrollByFilter campaign={campaign} />
          </Tabs.Panel>
          <Tabs.Panel value="file">
            <EnrollFromFile campaign={campaign} />
          </Tabs.Panel>
        </Tabs>
      )}
    </Modal>
  );
}

const SAYS = {
  draft: "It is a draft.",
  paused: "It is paused.",
  archived: "It is archived, and that is for good.",
} as const;

/** Nobody can be enrolled; those who may are offered to change that. */
function NotActive({ campaign }: { campaign: Campaign }) {
  const maySteer = useMay("steer");
  const change = api.useMutation("patch", "/api/campaigns/{campaign_id}");
  if (campaign.status === "active") return null;
  const verb = campaign.status === "paused" ? "Resume" : "Activate";
  return (
    <Stack>
      <Alert
        color="orange"
        variant="light"
        icon={<IconInfoCircle />}
        title="Only an active campaign takes contacts"
      >
        {SAYS[campaign.status]}
        {campaign.status !== "archived" && !maySteer && " An admin or a manager can start it."}
      </Alert>
      {change.error && <Failure problem={problemOf(change.error)} />}
      {campaign.status !== "archived" && maySteer && (
        <>
          <Text size="sm">
            {campaign.status === "paused"
              ? "If you resume it, all who are in it go on, and its triggers enroll contacts again."
              : "If you activate it, its triggers enroll contacts from now on, and whoever is enrolled gets its messages."}
          </Text>
          <Button
            ml="auto"
            loading={change.isPending}
            onClick={() =>
              change.mutate({
                params: { path: { campaign_id: campaign.id } },
                body: { status: "active" },
              })
            }
          >
            {verb} the campaign
          </Button>
        </>
      )}
    </Stack>
  );
}
