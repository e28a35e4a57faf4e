import { Alert, Button, Group, Select, Stack, Text } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { useState } from "react";
import { api, type Problem, problemOf } from "@/api/client";
import type { Campaign, Enrollment } from "@/api/types";
import { formatMoney, nameOf } from "@/format/format";
import { useSession } from "@/session/session";
import { ContactPicker } from "@/ui/ContactPicker";
import { Failure } from "@/ui/Failure";
import { AnchorLink } from "@/ui/links";
import { refusalOf } from "./forecast";

/** One contact, who is picked here unless it is given, and what the messages are to speak of. */
export function EnrollOne({ campaign, contactId }: { campaign: Campaign; contactId?: string }) {
  const { timezone } = useSession().tenant;
  const [picked, setPicked] = useState<string | null>(null);
  const [projectId, setProjectId] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [enrolled, setEnrolled] = useState<Enrollment | null>(null);
  const whom = contactId ?? picked;
  const contact = api.useQuery(
    "get",
    "/api/contacts/{contact_id}",
    { params: { path: { contact_id: whom ?? "" } } },
    { enabled: whom !== null },
  );
  const enroll = api.useMutation("post", "/api/campaigns/{campaign_id}/enrollments");
  const name = contact.data ? nameOf(contact.data.contact) : "The contact";

  function pick(id: string | null) {
    setPicked(id);
    setProjectId(null);
    setProblem(null);
    if (id) setEnrolled(null);
  }

  async function start() {
    if (!whom) return;
    setProblem(null);
    try {
      const answer = await enroll.mutateAsync({
        params: { path: { campaign_id: campaign.id } },
        body: { contact_id: whom, ...(projectId && { project_id: projectId }) },
      });
      setEnrolled(answer.enrollment);
      setPicked(null);
      setProjectId(null);
    } catch (error) {
      const refused = problemOf(error);
      setProblem({ ...refused, detail: refusalOf(refused, name, timezone) });
    }
  }

  const isOver = enrolled !== null && (contactId !== undefined || picked === null);
  return (
    <Stack>
      {contactId ? (
        !enrolled && (
          <Text size="sm">
            <b>{name}</b> goes through this campaign from its first step.
          </Text>
        )
      ) : (
        <ContactPicker label="Contact" value={picked} onChange={pick} />
      )}
      {whom && !isOver && (
        <ProjectPicker contactId={whom} value={projectId} onChange={setProjectId} />
      )}
      {problem && <Failure problem={problem} />}
      {enrolled && <Done enrollment={enrolled} />}
      {!isOver && (
        <Group justify="flex-end">
          <Button disabled={!whom} loading={enroll.isPending} onClick={start}>
            Enroll
          </Button>
        </Group>
      )}
    </Stack>
  );
}

interface ProjectProps {
  contactId: string;
  value: string | null;
  onChange: (projectId: string | null) => void;
}

/** Only where the contact has several: otherwise there is nothing to choose. */
function ProjectPicker({ contactId, value, onChange }: ProjectProps) {
  const { data } = api.useQuery("get", "/api/projects", {
    params: { query: { contact_id: contactId, limit: 200 } },
  });
  if (!data || data.projects.length < 2) return null;
  return (
    <Select
      label="Project"
      description="What the messages speak of"
      placeholder="The newest"
      clearable
      data={data.projects.map(({ id, name, stage, estimate_amount }) => ({
        value: id,
        label: [name ?? "No name", stage, estimate_amount && formatMoney(estimate_amount)]
          .filter(Boolean)
          .join(" · "),
      }))}
      value={value}
      onChange={onChange}
    />
  );
}

function Done({ enrollment }: { enrollment: Enrollment }) {
  const name = nameOf(enrollment.contact);
  return (
    <Alert
      color="teal"
      variant="light"
      icon={<IconCheck />}
      role="status"
      title={enrollment.is_holdout ? `${name} is held out` : `${name} is enrolled`}
    >
      <Text size="sm">
        {enrollment.is_holdout
          ? "It gets nothing of this campaign, so that the campaign's effect can be measured. "
          : enrollment.why && `First step: ${enrollment.why}. `}
        <AnchorLink
          to="/campaigns/$campaignId/enrollments/$enrollmentId"
          params={{ campaignId: enrollment.campaign_id, enrollmentId: enrollment.id }}
          fz="sm"
        >
          See the enrollment
        </AnchorLink>
      </Text>
    </Alert>
  );
}
