import { Group, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import type { Schemas } from "@/api/client";
import { formatCount } from "@/format/format";
import { Bar } from "./Bar";
import { Rate } from "./Rate";
import { Section } from "./Section";

const SAYS = "What was sent in this time, and what became of it until now.";

export function EmailCard({ email }: { email: Schemas["EmailResults"] }) {
  const none = email.sent === 0 ? "No e-mail was sent in this time" : "All e-mails bounced";
  return (
    <Section title="E-mail" says={SAYS}>
      <Stack gap={8}>
        <Line name="Sent" count={email.sent} of={email.sent} />
        <Line name="Delivered" count={email.delivered} of={email.sent} />
        <Line
          name="Opened"
          count={email.opened}
          of={email.sent}
          rate={<Rate share={email.open_rate} why={none} />}
        />
        <Line
          name="Clicked"
          count={email.clicked}
          of={email.sent}
          rate={<Rate share={email.click_rate} why={none} />}
        />
        <Line name="Bounced" count={email.bounced} of={email.sent} isBad />
        <Line name="Unsubscribed" count={email.unsubscribed} of={email.sent} isBad />
      </Stack>
      <Text size="xs" c="dimmed">
        Rates are of what did not bounce. Opens and clicks of mail scanners do not count.
      </Text>
    </Section>
  );
}

export function SmsCard({ sms }: { sms: Schemas["SmsResults"] }) {
  const none = sms.sent === 0 ? "No text was sent in this time" : "No text has arrived";
  return (
    <Section title="Text messages" says={SAYS}>
      <Stack gap={8}>
        <Line name="Sent" count={sms.sent} of={sms.sent} />
        <Line name="Delivered" count={sms.delivered} of={sms.sent} />
        <Line
          name="Replies"
          count={sms.replies}
          of={sms.sent}
          rate={<Rate share={sms.reply_rate} why={none} />}
        />
      </Stack>
      <Text size="xs" c="dimmed">
        The rate is of what arrived. A text that is answered twice counts once.
      </Text>
    </Section>
  );
}

interface LineProps {
  name: string;
  count: number;
  of: number;
  rate?: ReactNode;
  isBad?: boolean;
}

function Line({ name, count, of, rate, isBad = false }: LineProps) {
  const color = isBad ? "red.8" : "slate.6";
  return (
    <div>
      <Group justify="space-between" gap="xs" mb={3}>
        <Text size="sm">{name}</Text>
        <Text size="sm">
          <b>{formatCount(count)}</b>
          {rate && <> · {rate}</>}
        </Text>
      </Group>
      <Bar of={of} height={5} parts={[{ name, value: count, color, isHatched: isBad }]} />
    </div>
  );
}
