import { Group, Stack, Text, ThemeIcon, Title, UnstyledButton } from "@mantine/core";
import type { StepType } from "@/api/types";
import { STEP_TYPES } from "@/format/words";
import { Empty } from "@/ui/Empty";
import { ButtonLink } from "@/ui/links";
import { StepIcon } from "@/ui/StepIcon";
import styles from "./builder.module.css";
import { GROUPS } from "./kinds";

/** A campaign without steps: choose the first one, or begin with a template. */
export function NoSteps(props: { mayEdit: boolean; onChoose: (type: StepType) => void }) {
  if (!props.mayEdit)
    return <Empty title="No steps yet" says="An admin of your company builds the campaign here." />;
  return (
    <Stack maw={960} mx="auto" py="md" gap="lg">
      <Group justify="space-between" align="flex-end">
        <div>
          <Title order={2} size="h4">
            What happens first?
          </Title>
          <Text c="dimmed" size="sm">
            Choose the first step. The others follow below it, and all can be moved later.
          </Text>
        </div>
        <ButtonLink to="/campaigns/templates" variant="default">
          Start from a template
        </ButtonLink>
      </Group>
      {GROUPS.map(({ label, color, kinds }) => (
        <section key={label} aria-label={label}>
          <Text size="sm" fw={600} mb={6}>
            {label}
          </Text>
          <div className={styles.tiles}>
            {kinds.map(({ type, does }) => (
              <UnstyledButton
                key={type}
                className={styles.tile}
                onClick={() => props.onChoose(type)}
              >
                <ThemeIcon variant="light" color={color} size={34}>
                  <StepIcon type={type} size={18} />
                </ThemeIcon>
                <span>
                  <Text size="sm" fw={600}>
                    {STEP_TYPES[type]}
                  </Text>
                  <Text size="xs" c="dimmed">
                    {does}
                  </Text>
                </span>
              </UnstyledButton>
            ))}
          </div>
        </section>
      ))}
    </Stack>
  );
}
