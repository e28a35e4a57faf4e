import { Input, Select, SimpleGrid, Stack, Text } from "@mantine/core";
import { api } from "@/api/client";
import { ConditionsEditor } from "@/conditions/ConditionsEditor";
import { stepTitle } from "@/format/steps";
import type { FieldsProps } from "../StepFields";

const WAYS = [
  { name: "true_path_step_id", label: "If they hold (yes)" },
  { name: "false_path_step_id", label: "If they do not (no)" },
] as const;

export function ConditionalFields({ form, campaign, step }: FieldsProps) {
  const { values, change, errorAt } = form;
  const { data } = api.useQuery("get", "/api/campaigns/{campaign_id}/steps", {
    params: { path: { campaign_id: campaign.id } },
  });
  const targets = (data?.steps ?? []).filter(({ id }) => id !== step?.id);
  const titles = targets.map(stepTitle);
  return (
    <Stack gap="lg">
      <Input.Wrapper
        label="Conditions"
        description="Asked of the contact when it comes to this step"
        labelElement="div"
      >
        <Stack mt="xs">
          <ConditionsEditor
            value={values.conditions}
            onChange={(conditions) => change({ conditions })}
            emptySays="Without conditions everybody goes the way of “yes”."
            errorAt={(place) => errorAt(["conditions", place].filter(Boolean).join("."))}
          />
        </Stack>
      </Input.Wrapper>
      <Stack gap={4}>
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          {WAYS.map(({ name, label }) => (
            <Select
              key={name}
              label={label}
              clearable
              searchable
              placeholder="The steps of this branch"
              data={targets.map(({ id }, at) => ({
                value: id,
                label: numbered(titles, at),
              }))}
              value={values[name]}
              onChange={(id) => change({ [name]: id })}
              error={errorAt(name)}
            />
          ))}
        </SimpleGrid>
        <Text size="sm" c="dimmed">
          A way can also jump to any other step of the campaign; then the steps in its branch are
          passed over.
        </Text>
      </Stack>
    </Stack>
  );
}

/** The title, with a number where several steps have the same. */
function numbered(titles: readonly string[], at: number): string {
  const title = titles[at] ?? "";
  const same = titles.filter((each) => each === title).length;
  const before = titles.slice(0, at).filter((each) => each === title).length;
  return same > 1 ? `${title} (${before + 1})` : title;
}
