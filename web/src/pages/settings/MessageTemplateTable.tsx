import { ActionIcon, Anchor, Group, Table, Text, VisuallyHidden } from "@mantine/core";
import { IconMail, IconMessage, IconTrash } from "@tabler/icons-react";
import { api } from "@/api/client";
import { CHANNELS } from "@/format/words";
import { useMay } from "@/session/session";
import { confirm } from "@/ui/confirm";
import { showDone, showProblem } from "@/ui/forms";
import { When } from "@/ui/When";
import { excerptOf, type MessageTemplate } from "./messageTemplates";

const ICONS = { email: IconMail, sms: IconMessage };

interface Props {
  templates: MessageTemplate[];
  onOpen: (template: MessageTemplate) => void;
}

export function MessageTemplateTable({ templates, onOpen }: Props) {
  const mayBuild = useMay("build");
  return (
    <Table.ScrollContainer minWidth={640}>
      <Table verticalSpacing="sm" highlightOnHover layout="fixed">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Name</Table.Th>
            <Table.Th w={160}>Channel</Table.Th>
            <Table.Th w={240}>Changed</Table.Th>
            {mayBuild && (
              <Table.Th w={60}>
                <VisuallyHidden>Actions</VisuallyHidden>
              </Table.Th>
            )}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {templates.map((template) => {
            const Icon = ICONS[template.channel];
            return (
              <Table.Tr key={template.id}>
                <Table.Td>
                  <Anchor
                    component="button"
                    type="button"
                    fw={600}
                    size="sm"
                    ta="left"
                    onClick={() => onOpen(template)}
                  >
                    {template.name}
                  </Anchor>
                  <Text size="sm" c="dimmed" lineClamp={1}>
                    {excerptOf(template)}
                  </Text>
                </Table.Td>
                <Table.Td>
                  <Group gap={6} wrap="nowrap">
                    <Icon size={16} stroke={1.6} />
                    {CHANNELS[template.channel]}
                  </Group>
                </Table.Td>
                <Table.Td>
                  <When at={template.updated_at} />
                </Table.Td>
                {mayBuild && (
                  <Table.Td ta="right">
                    <Delete template={template} />
                  </Table.Td>
                )}
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Delete({ template }: { template: MessageTemplate }) {
  const remove = api.useMutation("delete", "/api/message-templates/{template_id}", {
    onSuccess: () => showDone(`${template.name} is deleted.`),
    onError: (error) => showProblem(error),
  });
  async function ask() {
    const isSure = await confirm({
      title: `Delete ${template.name}?`,
      says: "It does not come back. A template that a campaign uses cannot be deleted.",
      yes: "Delete",
      danger: true,
    });
    if (isSure) remove.mutate({ params: { path: { template_id: template.id } } });
  }
  return (
    <ActionIcon
      variant="subtle"
      color="gray.7"
      aria-label={`Delete ${template.name}`}
      loading={remove.isPending}
      onClick={ask}
    >
      <IconTrash size={16} />
    </ActionIcon>
  );
}
