import { Badge, Group } from "@mantine/core";
import type { Contact } from "@/api/types";

type Reach = Pick<Contact, "phone" | "email_opt_out" | "sms_opt_out" | "sms_consent">;

/** What a contact allows, and what it does not. */
export function ReachBadges({ contact }: { contact: Reach }) {
  return (
    <Group gap={4} wrap="nowrap">
      {badgesOf(contact).map(({ label, color, variant = "light" }) => (
        <Badge key={label} variant={variant} color={color} tt="none" style={{ flexShrink: 0 }}>
          {label}
        </Badge>
      ))}
    </Group>
  );
}

interface Sign {
  label: string;
  color: string;
  variant?: "filled";
}

function badgesOf({ phone, email_opt_out, sms_opt_out, sms_consent }: Reach): Sign[] {
  if (email_opt_out && sms_opt_out)
    return [{ label: "Do not contact", color: "red.9", variant: "filled" }];
  const badges: Sign[] = [];
  if (email_opt_out) badges.push({ label: "No e-mail", color: "orange" });
  if (sms_opt_out) badges.push({ label: "No texts", color: "orange" });
  else if (sms_consent) badges.push({ label: "Agreed to texts", color: "teal" });
  else if (phone) badges.push({ label: "No consent to texts", color: "gray" });
  return badges;
}
