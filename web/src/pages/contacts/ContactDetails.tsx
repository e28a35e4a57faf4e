import { Anchor, Badge, Group, Paper, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import type { Contact } from "@/api/types";
import { readable } from "@/format/names";
import { formatPhone } from "@/format/phone";
import { US_ZONES } from "@/format/zones";
import { useUserChoices } from "@/ui/UserSelect";
import { When } from "@/ui/When";
import { ReachBadges } from "./ReachBadges";

/** Beside the name: the stage, what it allows, and its tags. */
export function ContactSigns({ contact }: { contact: Contact }) {
  return (
    <Group gap={6} mt={6}>
      {contact.stage && (
        <Badge color="slate.8" tt="none">
          {contact.stage}
        </Badge>
      )}
      <ReachBadges contact={contact} />
      {contact.tags.map((tag) => (
        <Badge key={tag} variant="default" tt="none">
          {tag}
        </Badge>
      ))}
    </Group>
  );
}

/** Where a contact is reached, and what else is known of it. */
export function ContactDetails({ contact }: { contact: Contact }) {
  const owner = useUserChoices().find(({ value }) => value === contact.assigned_to);
  const zone = US_ZONES.find(({ value }) => value === contact.timezone);
  const own = Object.entries(contact.custom);
  return (
    <Paper withBorder p="md">
      <Title order={2} size="h5" mb="sm">
        Details
      </Title>
      <Stack component="dl" gap={8} m={0}>
        <Detail label="E-mail">
          {contact.email && (
            <Anchor href={`mailto:${contact.email}`} inherit>
              {contact.email}
            </Anchor>
          )}
        </Detail>
        <Detail label="Phone">
          {contact.phone && (
            <Anchor href={`tel:${contact.phone}`} inherit>
              {formatPhone(contact.phone)}
            </Anchor>
          )}
        </Detail>
        <Detail label="Lives in">
          {[contact.state, contact.postal_code].filter(Boolean).join(" ")}
        </Detail>
        <Detail label="Time zone">
          {zone?.label ?? contact.timezone ?? "By address or phone"}
        </Detail>
        <Detail label="Assigned to">{owner?.label}</Detail>
        {own.map(([name, value]) => (
          <Detail key={name} label={readable(name)}>
            {said(value)}
          </Detail>
        ))}
        <Detail label="Since">
          <When at={contact.created_at} />
        </Detail>
      </Stack>
    </Paper>
  );
}

function Detail({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Group gap="sm" wrap="nowrap" align="baseline">
      <Text component="dt" size="sm" c="dimmed" w={96} style={{ flexShrink: 0 }}>
        {label}
      </Text>
      <Text component="dd" size="sm" m={0} style={{ overflowWrap: "anywhere" }}>
        {children || "–"}
      </Text>
    </Group>
  );
}

function said(value: unknown): string {
  if (typeof value === "boolean") return value ? "Yes" : "No";
  if (Array.isArray(value)) return value.join(", ");
  return String(value ?? "");
}
