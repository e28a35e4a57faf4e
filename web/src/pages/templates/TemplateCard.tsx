import { Badge, Card, Group, Text } from "@mantine/core";
import type { CampaignTemplate } from "@/api/types";
import { AnchorLink } from "@/ui/links";
import styles from "./templates.module.css";
import { categoryWords, lengthWords, messageWords } from "./words";

/** A template in short; all of it leads to its page. */
export function TemplateCard({ template }: { template: CampaignTemplate }) {
  return (
    <Card component="li" withBorder padding="lg" className={styles.card}>
      <Group justify="space-between" mb="xs" wrap="nowrap">
        <Badge variant="light" tt="none">
          {categoryWords(template.category)}
        </Badge>
        <Text size="xs" c="dimmed">
          {template.is_builtin ? "Built in" : "Your own"}
        </Text>
      </Group>
      <AnchorLink
        to="/campaigns/templates/$templateId"
        params={{ templateId: template.id }}
        fw={600}
        className={styles.link}
      >
        {template.name}
      </AnchorLink>
      <Text size="sm" c="dimmed" mt={4} mb="md" lineClamp={4}>
        {template.description ?? "No description."}
      </Text>
      <Text size="sm" mt="auto" fw={500}>
        {lengthWords(template)}
      </Text>
      <Text size="xs" c="dimmed">
        {messageWords(template)}
      </Text>
    </Card>
  );
}
