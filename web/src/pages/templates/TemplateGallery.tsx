import { Alert, Chip, Group, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import { api } from "@/api/client";
import type { CampaignTemplate } from "@/api/types";
import { useMay } from "@/session/session";
import { Loaded } from "@/ui/Loaded";
import { ButtonLink } from "@/ui/links";
import { Page } from "@/ui/Page";
import { TemplateCard } from "./TemplateCard";
import { categoriesOf, categoryWords } from "./words";

const ALL = "";

/** Campaigns to begin with: those that come with the product, and the company's own. */
export function TemplateGallery() {
  const mayBuild = useMay("build");
  const query = api.useQuery("get", "/api/campaign-templates", {
    params: { query: { limit: 200 } },
  });
  return (
    <Page
      title="Templates"
      says="Campaigns that are ready to use. Look at one, change what you like, and activate it."
      actions={
        mayBuild && (
          <ButtonLink to="/campaigns/new" variant="default">
            Start from nothing
          </ButtonLink>
        )
      }
    >
      <Loaded query={query} lines={8}>
        {({ templates }) => <Gallery templates={templates} />}
      </Loaded>
    </Page>
  );
}

function Gallery({ templates }: { templates: CampaignTemplate[] }) {
  const mayBuild = useMay("build");
  const [category, setCategory] = useState(ALL);
  const shown = templates.filter((each) => category === ALL || each.category === category);
  const own = shown.filter((each) => !each.is_builtin);
  const builtin = shown.filter((each) => each.is_builtin);
  const hasOwn = templates.some((each) => !each.is_builtin);
  return (
    <Stack gap="xl">
      <Chip.Group value={category} onChange={setCategory}>
        <Group gap="xs" role="radiogroup" aria-label="Category">
          <Chip value={ALL}>All</Chip>
          {categoriesOf(templates).map((each) => (
            <Chip key={each} value={each}>
              {categoryWords(each)}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
      {own.length > 0 && <Section title="Your own" templates={own} />}
      {builtin.length > 0 && (
        <Section title={hasOwn ? "Built in" : "For roofers"} templates={builtin} />
      )}
      {!hasOwn && category === ALL && (
        <Alert variant="light" color="slate" title="You have no templates of your own yet">
          <Text size="sm">
            {mayBuild
              ? "Open a campaign that works well, and choose “Save as a template” in its menu. It is then here for everybody in your company."
              : "An admin can save any campaign as a template; it is then here for everybody in your company."}
          </Text>
          {mayBuild && (
            <ButtonLink to="/campaigns" variant="default" size="xs" mt="sm">
              Go to the campaigns
            </ButtonLink>
          )}
        </Alert>
      )}
    </Stack>
  );
}

function Section({ title, templates }: { title: string; templates: CampaignTemplate[] }) {
  return (
    <section>
      <Title order={2} size="h4" mb="md">
        {title}
      </Title>
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} component="ul" p={0} m={0}>
        {templates.map((template) => (
          <TemplateCard key={template.id} template={template} />
        ))}
      </SimpleGrid>
    </section>
  );
}
