import {
  ActionIcon,
  Button,
  Fieldset,
  Group,
  NumberInput,
  Select,
  Stack,
  Switch,
  Tabs,
  Text,
  TextInput,
  Tooltip,
} from "@mantine/core";
import { IconFlask, IconPlus } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { confirm } from "@/ui/confirm";
import type { FieldsProps } from "../StepFields";
import { textOf } from "../stepValues";
import { VersionResults } from "./VersionResults";
import {
  addVariant,
  describeShares,
  keepVariant,
  nameOfVariant,
  removeVariant,
  startTest,
  variantsOf,
  weightOf,
  withVariant,
} from "./variants";

const METRICS = [
  { value: "opened", label: "Opens" },
  { value: "clicked", label: "Clicks" },
  { value: "replied", label: "Replies" },
];
const MAX_VERSIONS = 10;

interface Props extends FieldsProps {
  version: number;
  onVersion: (version: number) => void;
  /** The content of the version that is edited. */
  children: ReactNode;
}

/** The content, or several versions of it that are tested against each other. */
export function Versions({ form, campaign, step, version, onVersion, children }: Props) {
  const { configure, replace, errorAt } = form;
  const config = form.values.step_config;
  const variants = variantsOf(config);
  const variant = variants[version];
  if (!variant)
    return (
      <Stack gap="md">
        {children}
        <div>
          <Button
            variant="default"
            size="xs"
            leftSection={<IconFlask size={16} />}
            onClick={() => {
              replace(startTest(config));
              onVersion(1);
            }}
          >
            Test another version (A/B)
          </Button>
        </div>
      </Stack>
    );

  const remove = async () => {
    const name = nameOfVariant(variant);
    const isLast = variants.length === 2;
    const other = variants.find((each) => each !== variant);
    const says = isLast
      ? `The test ends, and everybody gets version ${other ? nameOfVariant(other) : ""}.`
      : "Nobody gets it any more.";
    if (!(await confirm({ title: `Remove version ${name}?`, says, yes: "Remove", danger: true })))
      return;
    replace(removeVariant(config, version));
    onVersion(0);
  };
  const place = `step_config.variants.${version}`;
  return (
    <Fieldset legend="A/B test" p="md">
      <Stack gap="md">
        <Tabs value={String(version)} onChange={(value) => onVersion(Number(value ?? 0))}>
          <Group gap="xs" wrap="nowrap" align="flex-end">
            <Tabs.List flex={1}>
              {variants.map((each, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: versions are known by their place until they are saved
                <Tabs.Tab key={at} value={String(at)} c={hasErrors(form, at) ? "red.9" : undefined}>
                  {nameOfVariant(each) || "No name"}
                </Tabs.Tab>
              ))}
            </Tabs.List>
            {variants.length < MAX_VERSIONS && (
              <Tooltip label="Add a version">
                <ActionIcon
                  variant="default"
                  aria-label="Add a version"
                  onClick={() => {
                    replace(addVariant(config));
                    onVersion(variants.length);
                  }}
                >
                  <IconPlus size={16} />
                </ActionIcon>
              </Tooltip>
            )}
          </Group>
          <Tabs.Panel value={String(version)} pt="md">
            <Stack gap="md">
              <Group gap="xs" align="flex-start">
                <TextInput
                  label="Name"
                  flex="1 1 120px"
                  value={nameOfVariant(variant)}
                  onChange={(event) =>
                    replace(withVariant(config, version, { name: event.currentTarget.value }))
                  }
                  error={errorAt(`${place}.name`)}
                />
                <NumberInput
                  label="Share"
                  description="Compared with the others"
                  inputWrapperOrder={["label", "input", "description", "error"]}
                  flex="1 1 120px"
                  min={0}
                  max={1_000_000}
                  value={variant.weight === "" ? "" : weightOf(variant)}
                  onChange={(weight) => replace(withVariant(config, version, { weight }))}
                  error={errorAt(`${place}.weight`)}
                />
              </Group>
              {children}
              <Group gap="xs">
                <Button variant="default" size="xs" onClick={remove}>
                  Remove this version
                </Button>
                <Button
                  variant="default"
                  size="xs"
                  onClick={() => {
                    replace(keepVariant(config, variant));
                    onVersion(0);
                  }}
                >
                  End the test with this version
                </Button>
              </Group>
            </Stack>
          </Tabs.Panel>
        </Tabs>
        <Text size="sm" c="dimmed" aria-live="polite">
          {describeShares(variants)}
        </Text>
        {errorAt("step_config.variants") && (
          <Text size="sm" c="red.9" role="alert">
            {errorAt("step_config.variants")}
          </Text>
        )}
        {form.values.step_type === "send_email" ? (
          <Select
            label="What counts"
            clearable
            placeholder="Clicks, or opens where only the subjects differ"
            data={METRICS}
            value={textOf(config, "metric") || null}
            onChange={(metric) => configure({ metric: metric ?? undefined })}
            error={errorAt("step_config.metric")}
          />
        ) : (
          <Text size="sm">What counts are replies.</Text>
        )}
        <Switch
          label="Send the winner to everybody"
          description="As soon as the numbers are enough to tell which version is the best"
          checked={config.choose_winner === true}
          onChange={(event) =>
            configure({ choose_winner: event.currentTarget.checked || undefined })
          }
        />
        {step && <VersionResults campaign={campaign} step={step} />}
      </Stack>
    </Fieldset>
  );
}

function hasErrors(form: FieldsProps["form"], at: number): boolean {
  return form.errorsUnder(`step_config.variants.${at}`).length > 0;
}
