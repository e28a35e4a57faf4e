import { Button, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useEffect } from "react";
import { api } from "@/api/client";
import { useMay } from "@/session/session";
import { showDone, showProblem } from "@/ui/forms";
import { useTitle } from "@/ui/Page";
import { useCampaign } from "./CampaignFrame";
import { Basics, Calendar, Ends, Entry } from "./SettingsFields";
import { bodyOf, formOf, type SettingsForm } from "./settings";
import { Triggers } from "./Triggers";

export function CampaignSettings() {
  const campaign = useCampaign();
  const mayBuild = useMay("build") && campaign.status !== "archived";
  useTitle(`${campaign.name}: settings`);
  const form = useForm<SettingsForm>({ initialValues: formOf(campaign) });
  // What somebody else changes meanwhile is shown, unless it would wipe out what is being written here.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the form is the same all the time
  useEffect(() => {
    if (form.isDirty()) return;
    form.setInitialValues(formOf(campaign));
    form.reset();
  }, [campaign]);
  const save = api.useMutation("patch", "/api/campaigns/{campaign_id}", {
    onSuccess: () => {
      form.resetDirty();
      showDone("The settings are saved.");
    },
    onError: (error) => showProblem(error, form),
  });
  return (
    <Stack maw={820} gap="xl">
      <Triggers campaign={campaign} />
      <form
        onSubmit={form.onSubmit((values) =>
          save.mutate({ params: { path: { campaign_id: campaign.id } }, body: bodyOf(values) }),
        )}
      >
        <fieldset disabled={!mayBuild} style={{ border: 0, padding: 0, margin: 0 }}>
          <Stack>
            <Title order={2} size="h4">
              Settings
            </Title>
            {!mayBuild && (
              <Text size="sm" c="dimmed">
                {campaign.status === "archived"
                  ? "An archived campaign takes no changes."
                  : "Only an admin changes these."}
              </Text>
            )}
            <Paper withBorder p="lg">
              <Basics form={form} />
            </Paper>
            <Entry form={form} />
            <Calendar form={form} />
            <Ends form={form} />
            {mayBuild && (
              <Group>
                <Button type="submit" loading={save.isPending} disabled={!form.isDirty()}>
                  Save settings
                </Button>
              </Group>
            )}
          </Stack>
        </fieldset>
      </form>
    </Stack>
  );
}
