import { Alert, Anchor, Box, Button, Group, Stack } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconInfoCircle, IconMailOff } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import { api, type Schemas } from "@/api/client";
import { useMay } from "@/session/session";
import { confirm } from "@/ui/confirm";
import { showDone, showProblem } from "@/ui/forms";
import { Loaded } from "@/ui/Loaded";
import { Alerts, Caps, Company, Links, Revenue, Senders } from "./CompanyFields";
import { type CompanyForm, changesOf, formOf } from "./companySettings";
import { Section } from "./Section";
import { useLeave } from "./useLeave";
import { WebhookSecret } from "./WebhookSecret";

export function CompanySettings() {
  const query = api.useQuery("get", "/api/settings");
  return (
    <Section
      title="Company"
      says="What your messages say of you, and what holds for all campaigns."
    >
      <Loaded query={query} lines={12}>
        {({ settings }) => <SettingsForm settings={settings} />}
      </Loaded>
    </Section>
  );
}

function SettingsForm({ settings }: { settings: Schemas["Settings"] }) {
  const mayConfigure = useMay("configure");
  const address = useRef<HTMLTextAreaElement>(null);
  const form = useForm<CompanyForm>({ initialValues: formOf(settings) });
  // What somebody else changes meanwhile is shown, unless it would wipe out what is being written here.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the form is the same all the time
  useEffect(() => {
    if (form.isDirty()) return;
    form.setInitialValues(formOf(settings));
    form.reset();
  }, [settings]);
  const save = api.useMutation("patch", "/api/settings", {
    onSuccess: (answer) => {
      form.setInitialValues(formOf(answer.settings));
      form.reset();
      showDone("The settings are saved.");
    },
    onError: (error) => showProblem(error, form),
  });
  const isDirty = form.isDirty();
  useLeave(isDirty, "What you have changed in these settings is lost.");
  async function submit(values: CompanyForm) {
    const body = changesOf(values, form.getInitialValues());
    if (!body.timezone || (await mayMove())) save.mutate({ body });
  }
  return (
    <form onSubmit={form.onSubmit(submit)} aria-label="Company settings">
      <Stack maw={820}>
        {!mayConfigure && (
          <Alert color="gray" variant="light" icon={<IconInfoCircle />}>
            Only an admin changes these.
          </Alert>
        )}
        {!settings.postal_address && (
          <Alert
            color="orange"
            variant="light"
            icon={<IconMailOff />}
            title="No campaign with e-mail can be activated yet"
          >
            The law wants your postal address at the foot of each e-mail.{" "}
            {mayConfigure ? (
              <Anchor
                component="button"
                type="button"
                inherit
                onClick={() => address.current?.focus()}
              >
                Write it down
              </Anchor>
            ) : (
              "An admin can write it down."
            )}
          </Alert>
        )}
        <Box
          component="fieldset"
          disabled={!mayConfigure}
          bd={0}
          m={0}
          p={0}
          style={mayConfigure ? undefined : LEGIBLE}
        >
          <Stack>
            <Company form={form} address={address} />
            <Senders form={form} />
            <Links form={form} />
            <Revenue form={form} />
            <Caps form={form} />
            <Alerts form={form} />
            {settings.webhook_secret && <WebhookSecret secret={settings.webhook_secret} />}
            {mayConfigure && (
              <Group pos="sticky" bottom={0} py="sm" bg="white" style={BAR}>
                <Button type="submit" loading={save.isPending} disabled={!isDirty}>
                  Save settings
                </Button>
              </Group>
            )}
          </Stack>
        </Box>
      </Stack>
    </form>
  );
}

function mayMove(): Promise<boolean> {
  return confirm({
    title: "Change the clock?",
    says: "Whoever waits for a day or for business hours on the company's clock is moved to the new one: sooner or later by as much as the clocks differ.",
    yes: "Change it",
  });
}

/** What one may not change one may read. */
const LEGIBLE = { "--mantine-color-disabled-color": "var(--mantine-color-text)" };

/** The way to save is in sight wherever one is in the form. */
const BAR = { zIndex: 1, borderTop: "1px solid var(--mantine-color-default-border)" };
