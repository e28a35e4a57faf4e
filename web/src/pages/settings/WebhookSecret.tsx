import { Fieldset, Group, PasswordInput } from "@mantine/core";
import { CopyButton } from "@/ui/CopyButton";

/** What programs check by that a webhook is from this company. */
export function WebhookSecret({ secret }: { secret: string }) {
  return (
    <Fieldset legend="Webhooks">
      <Group align="flex-end" gap="xs">
        <PasswordInput
          label="Signing secret"
          description="Webhook steps are signed with it (Standard Webhooks), so that whoever receives one can check that it is from you. Only admins see it."
          value={secret}
          readOnly
          autoComplete="off"
          visibilityToggleButtonProps={{ "aria-label": "Show the secret" }}
          style={{ flex: "1 1 320px" }}
        />
        <CopyButton value={secret} />
      </Group>
    </Fieldset>
  );
}
