import { Badge, Button, Group, Table, Text, Title, VisuallyHidden } from "@mantine/core";
import { api } from "@/api/client";
import type { CampaignTemplate } from "@/api/types";
import { confirm } from "@/ui/confirm";
import { showDone, showProblem } from "@/ui/forms";
import { useNameOfUser } from "@/ui/UserSelect";
import { When } from "@/ui/When";
import { lengthWords } from "./words";

interface Props {
  shown: CampaignTemplate;
  /** Newest first. */
  versions: CampaignTemplate[];
  onShow: (version: number | null) => void;
  mayRestore: boolean;
}

/** How the template was before, to be looked at and gone back to. */
export function Versions({ shown, versions, onShow, mayRestore }: Props) {
  const nameOfUser = useNameOfUser();
  const restore = api.useMutation(
    "post",
    "/api/campaign-templates/{campaign_template_id}/restore",
    {
      onSuccess: ({ template }) => {
        onShow(null);
        showDone(`Version ${template.version} is the same as the one that you chose.`);
      },
      onError: (error) => showProblem(error),
    },
  );
  async function ask({ id, version }: CampaignTemplate) {
    const sure = await confirm({
      title: `Restore version ${version}?`,
      says: "It becomes the latest version. Those in between stay, and so do campaigns that were made from them.",
      yes: "Restore",
    });
    if (sure) restore.mutate({ params: { path: { campaign_template_id: id } }, body: { version } });
  }
  const [latest] = versions;
  return (
    <>
      <Title order={2} size="h4" mt="xl" mb="sm">
        Versions
      </Title>
      <Table.ScrollContainer minWidth={560}>
        <Table verticalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Version</Table.Th>
              <Table.Th>Saved</Table.Th>
              <Table.Th>By</Table.Th>
              <Table.Th>Length</Table.Th>
              <Table.Th>
                <VisuallyHidden>What can be done</VisuallyHidden>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {versions.map((each) => (
              <Table.Tr key={each.version}>
                <Table.Td>
                  <Group gap="xs">
                    <Text size="sm" fw={600}>
                      {each.version}
                    </Text>
                    {each === latest && (
                      <Badge variant="default" tt="none">
                        Latest
                      </Badge>
                    )}
                  </Group>
                </Table.Td>
                <Table.Td>
                  <When at={each.created_at} />
                </Table.Td>
                <Table.Td>{nameOfUser(each.created_by) ?? "–"}</Table.Td>
                <Table.Td>{lengthWords(each)}</Table.Td>
                <Table.Td>
                  <Group gap="xs" justify="flex-end" wrap="nowrap">
                    {each.version === shown.version ? (
                      <Text size="sm" c="dimmed">
                        Shown above
                      </Text>
                    ) : (
                      <Button
                        size="compact-sm"
                        variant="subtle"
                        aria-label={`Show version ${each.version}`}
                        onClick={() => onShow(each.version)}
                      >
                        Show
                      </Button>
                    )}
                    {mayRestore && each !== latest && (
                      <Button
                        size="compact-sm"
                        variant="default"
                        aria-label={`Restore version ${each.version}`}
                        onClick={() => ask(each)}
                      >
                        Restore
                      </Button>
                    )}
                  </Group>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </>
  );
}
