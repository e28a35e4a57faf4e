import { Button, Grid, Group, Paper, Stack, Text, TextInput, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { Campaign, CampaignTemplate, Step } from "@/api/types";
import type { Config } from "@/pages/builder/editors/stepValues";
import { showDone, showProblem } from "@/ui/forms";
import { Page } from "@/ui/Page";
import { createFrom, RefusedText } from "./create";
import { FlowPicture } from "./FlowPicture";
import { MessageList } from "./MessageList";
import { asSteps } from "./messages";
import { useStartLines } from "./useStartLines";

interface Props {
  template: CampaignTemplate;
  onCancel: () => void;
}

/** A name of one's own, and texts, before the campaign is made. */
export function MakeItYours({ template, onCancel }: Props) {
  const navigate = useNavigate();
  const form = useForm({ initialValues: { name: template.name } });
  const [changed, setChanged] = useState<ReadonlyMap<string, Config>>(new Map());
  const [refused, setRefused] = useState<RefusedText | null>(null);
  const lines = useStartLines(template);
  const steps = asSteps(template);
  const create = useMutation<Campaign, unknown, string>({
    mutationFn: (name) => createFrom(template, name, changed),
    onMutate: () => setRefused(null),
    onSuccess: ({ id }) => {
      showDone("Here is your campaign, a draft: nobody gets anything before you activate it.");
      navigate({ to: "/campaigns/$campaignId/builder", params: { campaignId: id } });
    },
    onError: (error) =>
      error instanceof RefusedText ? setRefused(error) : showProblem(error, form),
  });

  function change(step: Step, config: Config) {
    setChanged((before) => {
      const after = new Map(before);
      if (JSON.stringify(config) === JSON.stringify(step.step_config)) after.delete(step.id);
      else after.set(step.id, config);
      return after;
    });
  }

  return (
    <Page
      title="Make it yours"
      says={`Made from ${template.name}. Everything can still be changed in the builder.`}
    >
      <Paper withBorder p="md" mb="lg">
        <form onSubmit={form.onSubmit(({ name }) => create.mutate(name))}>
          <Group align="flex-end">
            <TextInput
              label="Name of the campaign"
              required
              maxLength={255}
              flex="1 1 260px"
              {...form.getInputProps("name")}
            />
            <Button variant="default" onClick={onCancel}>
              Cancel
            </Button>
            <Button type="submit" loading={create.isPending}>
              Create campaign
            </Button>
          </Group>
          {refused && (
            <Text size="sm" c="red.9" mt="xs" role="alert">
              The campaign was not made: a text below needs mending.
            </Text>
          )}
        </form>
      </Paper>
      <Grid gap="xl">
        <Grid.Col span={{ base: 12, lg: 6 }} order={{ base: 1, lg: 2 }}>
          <Stack gap={0} mb="md">
            <Title order={2} size="h4">
              What it says
            </Title>
            <Text size="sm" c="dimmed">
              Change what you would say otherwise. Words in braces differ from contact to contact.
            </Text>
          </Stack>
          <MessageList steps={steps} changed={changed} onChange={change} refused={refused} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 6 }} order={{ base: 2, lg: 1 }}>
          <Title order={2} size="h4" mb="md">
            What happens
          </Title>
          <FlowPicture steps={steps} lines={lines} />
        </Grid.Col>
      </Grid>
    </Page>
  );
}
