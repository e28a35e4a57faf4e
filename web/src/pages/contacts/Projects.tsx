import { ActionIcon, Button, Group, Modal, Paper, Stack, Text, Title } from "@mantine/core";
import { IconPencil, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { api } from "@/api/client";
import type { Project } from "@/api/types";
import { formatMoney } from "@/format/format";
import { Loaded } from "@/ui/Loaded";
import { ProjectForm } from "./ProjectForm";

/** What a contact may buy, the newest first. */
export function Projects({ contactId }: { contactId: string }) {
  const [edited, setEdited] = useState<Project | "new" | null>(null);
  const query = api.useQuery("get", "/api/projects", {
    params: { query: { contact_id: contactId, limit: 200 } },
  });
  const close = () => setEdited(null);
  return (
    <Paper withBorder p="md">
      <Group justify="space-between" mb="sm">
        <Title order={2} size="h5">
          Projects
        </Title>
        <Button
          size="compact-sm"
          variant="subtle"
          leftSection={<IconPlus size={14} />}
          onClick={() => setEdited("new")}
        >
          Add project
        </Button>
      </Group>
      <Loaded query={query} lines={2}>
        {({ projects }) =>
          projects.length > 0 ? (
            <Stack gap="sm">
              {projects.map((project) => (
                <Row key={project.id} project={project} onEdit={() => setEdited(project)} />
              ))}
            </Stack>
          ) : (
            <Text size="sm" c="dimmed">
              None yet. Estimates belong to a project: messages speak of the newest one.
            </Text>
          )
        }
      </Loaded>
      <Modal
        opened={edited !== null}
        onClose={close}
        title={edited === "new" ? "Add a project" : "Edit the project"}
      >
        {edited && (
          <ProjectForm
            contactId={contactId}
            {...(edited !== "new" && { project: edited })}
            onDone={close}
          />
        )}
      </Modal>
    </Paper>
  );
}

function Row({ project, onEdit }: { project: Project; onEdit: () => void }) {
  const name = project.name ?? "No name";
  const sums = [
    project.estimate_amount && `Estimate ${formatMoney(project.estimate_amount)}`,
    project.monthly_payment && `${formatMoney(project.monthly_payment)} a month`,
  ].filter(Boolean);
  return (
    <Group justify="space-between" wrap="nowrap" align="flex-start">
      <div>
        <Text size="sm" fw={600}>
          {name}
        </Text>
        {project.stage && <Text size="sm">{project.stage}</Text>}
        <Text size="sm" c="dimmed">
          {sums.join(" · ") || "No estimate yet"}
        </Text>
      </div>
      <ActionIcon variant="subtle" aria-label={`Edit ${name}`} onClick={onEdit}>
        <IconPencil size={16} />
      </ActionIcon>
    </Group>
  );
}
