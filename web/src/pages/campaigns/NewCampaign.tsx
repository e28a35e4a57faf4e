import { Accordion, Button, Group, Paper, Stack } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useNavigate } from "@tanstack/react-router";
import { api } from "@/api/client";
import { showProblem } from "@/ui/forms";
import { ButtonLink } from "@/ui/links";
import { Page } from "@/ui/Page";
import { Basics, Calendar, Ends, Entry } from "./SettingsFields";
import { bodyOf, NEW_CAMPAIGN, type SettingsForm } from "./settings";

export function NewCampaign() {
  const navigate = useNavigate();
  const form = useForm<SettingsForm>({ initialValues: NEW_CAMPAIGN });
  const create = api.useMutation("post", "/api/campaigns", {
    onSuccess: ({ campaign }) =>
      navigate({ to: "/campaigns/$campaignId/builder", params: { campaignId: campaign.id } }),
    onError: (error) => showProblem(error, form),
  });
  return (
    <Page
      title="New campaign"
      says="It begins as a draft: nobody gets anything before you activate it."
      actions={
        <ButtonLink to="/campaigns/templates" variant="default">
          From a template instead
        </ButtonLink>
      }
    >
      <form onSubmit={form.onSubmit((values) => create.mutate({ body: bodyOf(values) }))}>
        <Stack maw={720}>
          <Paper withBorder p="lg">
            <Basics form={form} />
          </Paper>
          <Accordion variant="contained">
            <Accordion.Item value="more">
              <Accordion.Control>
                Who gets in, when people are reached, when it ends
              </Accordion.Control>
              <Accordion.Panel>
                <Stack>
                  <Entry form={form} />
                  <Calendar form={form} />
                  <Ends form={form} />
                </Stack>
              </Accordion.Panel>
            </Accordion.Item>
          </Accordion>
          <Group>
            <Button type="submit" loading={create.isPending}>
              Create and add steps
            </Button>
          </Group>
        </Stack>
      </form>
    </Page>
  );
}
