import { Badge, Button, Grid, Group, List, Text, Title } from "@mantine/core";
import { IconBolt, IconCopyPlus, IconTrash } from "@tabler/icons-react";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "@/api/client";
import type { CampaignTemplate } from "@/api/types";
import type { Config } from "@/pages/builder/editors/stepValues";
import { useMay } from "@/session/session";
import { confirm } from "@/ui/confirm";
import { showDone, showProblem } from "@/ui/forms";
import { Loaded } from "@/ui/Loaded";
import { ButtonLink } from "@/ui/links";
import { Page } from "@/ui/Page";
import { FlowPicture } from "./FlowPicture";
import { MakeItYours } from "./MakeItYours";
import { MessageList } from "./MessageList";
import { asSteps } from "./messages";
import { HOMEOWNER } from "./useSample";
import { useStartLines } from "./useStartLines";
import { Versions } from "./Versions";
import { categoryWords, lengthWords } from "./words";

const route = getRouteApi("/inside/campaigns/templates/$templateId");
const NOTHING: ReadonlyMap<string, Config> = new Map();

/** What a template does and says; from here a campaign is made of it. */
export function TemplatePage() {
  const { templateId } = route.useParams();
  const query = api.useQuery("get", "/api/campaign-templates/{campaign_template_id}/versions", {
    params: { path: { campaign_template_id: templateId }, query: { limit: 200 } },
  });
  const [version, setVersion] = useState<number | null>(null);
  return (
    <Loaded query={query} lines={8}>
      {({ templates }) => {
        const shown = templates.find((each) => each.version === version) ?? templates[0];
        return (
          shown && (
            <TemplateView
              key={shown.version}
              template={shown}
              versions={templates}
              onShow={setVersion}
            />
          )
        );
      }}
    </Loaded>
  );
}

interface Props {
  template: CampaignTemplate;
  /** Newest first. */
  versions: CampaignTemplate[];
  onShow: (version: number | null) => void;
}

function TemplateView({ template, versions, onShow }: Props) {
  const mayBuild = useMay("build");
  const [isMaking, setIsMaking] = useState(false);
  const steps = asSteps(template);
  const lines = useStartLines(template);
  if (isMaking) return <MakeItYours template={template} onCancel={() => setIsMaking(false)} />;
  return (
    <Page
      title={template.name}
      says={template.description}
      actions={
        <>
          {mayBuild && !template.is_builtin && <Delete template={template} />}
          {mayBuild ? (
            <Button leftSection={<IconCopyPlus size={16} />} onClick={() => setIsMaking(true)}>
              Use this template
            </Button>
          ) : (
            <ButtonLink to="/campaigns/templates" variant="default">
              All templates
            </ButtonLink>
          )}
        </>
      }
    >
      <Group gap="xs" mb="xs">
        <Badge variant="light" tt="none" size="lg">
          {categoryWords(template.category)}
        </Badge>
        <Badge variant="default" tt="none" size="lg">
          {template.is_builtin ? "Built in" : "Your own"}
        </Badge>
        <Text size="sm" c="dimmed">
          {lengthWords(template)}
        </Text>
      </Group>
      <Starts lines={lines} />
      <Grid gap="xl">
        <Grid.Col span={{ base: 12, lg: 6 }}>
          <Title order={2} size="h4" mb="md">
            What happens
          </Title>
          <FlowPicture steps={steps} lines={lines} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 6 }}>
          <Title order={2} size="h4">
            What it says
          </Title>
          <Text size="sm" c="dimmed" mb="md">
            As {HOMEOWNER}, a homeowner, would get it from you.
          </Text>
          <MessageList steps={steps} changed={NOTHING} />
        </Grid.Col>
      </Grid>
      {versions.length > 1 && (
        <Versions shown={template} versions={versions} onShow={onShow} mayRestore={mayBuild} />
      )}
    </Page>
  );
}

function Starts({ lines }: { lines: readonly string[] }) {
  return (
    <List
      aria-label="What starts it"
      icon={<IconBolt size={16} stroke={1.6} aria-hidden />}
      size="sm"
      mb="lg"
      styles={{ itemWrapper: { alignItems: "flex-start" } }}
    >
      {lines.map((line) => (
        <List.Item key={line}>{line}</List.Item>
      ))}
    </List>
  );
}

function Delete({ template }: { template: CampaignTemplate }) {
  const navigate = useNavigate();
  const remove = api.useMutation("delete", "/api/campaign-templates/{campaign_template_id}", {
    onSuccess: () => {
      showDone("The template is deleted.");
      navigate({ to: "/campaigns/templates" });
    },
    onError: (error) => showProblem(error),
  });
  async function ask() {
    const sure = await confirm({
      title: `Delete ${template.name}?`,
      says: "All its versions go. Campaigns that were made from it stay as they are.",
      yes: "Delete",
      danger: true,
    });
    if (sure) remove.mutate({ params: { path: { campaign_template_id: template.id } } });
  }
  return (
    <Button
      variant="default"
      leftSection={<IconTrash size={16} />}
      loading={remove.isPending}
      onClick={ask}
    >
      Delete
    </Button>
  );
}
