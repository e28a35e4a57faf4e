import { Button, Modal, Select, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconRoute } from "@tabler/icons-react";
import { useState } from "react";
import { api } from "@/api/client";
import type { Campaign } from "@/api/types";
import { EnrollDialog } from "@/pages/enrollments/enroll/EnrollDialog";
import { Loaded } from "@/ui/Loaded";

/** Chooses the campaign first, then enrolls the contact in it. */
export function EnrollButton({ contactId }: { contactId: string }) {
  const [isChoosing, { open, close }] = useDisclosure();
  const [campaign, setCampaign] = useState<Campaign | null>(null);
  return (
    <>
      <Button leftSection={<IconRoute size={16} />} onClick={open}>
        Enroll in a campaign
      </Button>
      <Modal opened={isChoosing} onClose={close} title="Enroll in a campaign" centered>
        <Choice
          onChoose={(chosen) => {
            close();
            setCampaign(chosen);
          }}
        />
      </Modal>
      {campaign && (
        <EnrollDialog
          campaign={campaign}
          contactId={contactId}
          opened
          onClose={() => setCampaign(null)}
        />
      )}
    </>
  );
}

function Choice({ onChoose }: { onChoose: (campaign: Campaign) => void }) {
  const [chosen, setChosen] = useState<string | null>(null);
  const query = api.useQuery("get", "/api/campaigns", {
    params: { query: { status: "active", limit: 200 } },
  });
  return (
    <Loaded query={query} lines={2}>
      {({ campaigns }) => {
        const campaign = campaigns.find(({ id }) => id === chosen);
        return campaigns.length === 0 ? (
          <Text size="sm">
            No campaign is active. Activate one, and contacts can be enrolled in it.
          </Text>
        ) : (
          <Stack>
            <Select
              label="Campaign"
              description="Those that are active"
              placeholder="Choose one"
              searchable
              nothingFoundMessage="No active campaign has that name"
              data-autofocus
              data={campaigns.map(({ id, name }) => ({ value: id, label: name }))}
              value={chosen}
              onChange={setChosen}
            />
            <Button ml="auto" disabled={!campaign} onClick={() => campaign && onChoose(campaign)}>
              Continue
            </Button>
          </Stack>
        );
      }}
    </Loaded>
  );
}
