import {
  Fieldset,
  type FieldsetProps,
  NumberInput,
  SimpleGrid,
  Stack,
  Text,
  Textarea,
  TextInput,
} from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import type { Ref } from "react";
import { ZoneSelect } from "@/ui/ZoneSelect";
import type { CompanyForm } from "./companySettings";

interface Props {
  form: UseFormReturnType<CompanyForm>;
}

export function Company({ form, address }: Props & { address: Ref<HTMLTextAreaElement> }) {
  return (
    <Part legend="Company and address">
      <TextInput
        label="Company name"
        description="As your messages say it."
        required
        maxLength={255}
        {...form.getInputProps("company_name")}
      />
      <Textarea
        ref={address}
        label="Postal address"
        description="Stands at the foot of every e-mail, because the law (CAN-SPAM) wants it there: a street address, or a post office box, where mail reaches you. Without it no campaign with e-mail can be activated."
        placeholder={"100 Ridge Road\nDenver, CO 80202"}
        autosize
        minRows={3}
        maxLength={1000}
        {...form.getInputProps("postal_address")}
      />
      <ZoneSelect
        label="Time zone"
        description="The clock that campaigns go by, and that times are shown in. Texts go by the contact's own."
        required
        value={form.values.timezone}
        onChange={(zone) => zone && form.setFieldValue("timezone", zone)}
        error={form.errors.timezone}
      />
    </Part>
  );
}

export function Senders({ form }: Props) {
  return (
    <Part legend="Senders" says="Where one is empty, messages come from this installation's own.">
      <Two>
        <TextInput
          label="E-mails come from"
          placeholder="hello@yourcompany.com"
          type="email"
          {...form.getInputProps("from_email")}
        />
        <TextInput
          label="Under the name"
          placeholder="Your company"
          maxLength={255}
          {...form.getInputProps("from_name")}
        />
        <TextInput
          label="Texts come from"
          placeholder="+1 303 555 0100"
          type="tel"
          {...form.getInputProps("sms_number")}
        />
      </Two>
    </Part>
  );
}

export function Links({ form }: Props) {
  return (
    <Part
      legend="Links"
      says="Messages name them, so that you change them here alone. A campaign that names an empty one cannot be activated."
    >
      <TextInput
        label="Leave a review"
        description="{{ review_link }}"
        placeholder="https://"
        type="url"
        {...form.getInputProps("review_link")}
      />
      <TextInput
        label="Pick a time"
        description="{{ calendar_link }}"
        placeholder="https://"
        type="url"
        {...form.getInputProps("calendar_link")}
      />
      <TextInput
        label="Book a job"
        description="{{ booking_link }}"
        placeholder="https://"
        type="url"
        {...form.getInputProps("booking_link")}
      />
    </Part>
  );
}

export function Revenue({ form }: Props) {
  return (
    <Part legend="Deals and revenue">
      <Two>
        <TextInput
          label="A project is won in stage"
          description="Then campaigns whose goal is a deal have reached it."
          required
          maxLength={100}
          {...form.getInputProps("won_stage")}
        />
        <NumberInput
          label="Days after the last message"
          description="A deal won so long after it counts for the campaign."
          required
          min={0}
          max={3650}
          allowDecimal={false}
          {...form.getInputProps("attribution_days")}
        />
      </Two>
    </Part>
  );
}

export function Caps({ form }: Props) {
  return (
    <Part
      legend="Limits"
      says="How many messages campaigns send in a day. What is over goes on a later day."
    >
      <Two>
        <NumberInput
          label="To everybody together"
          placeholder="As many as are due"
          min={1}
          allowDecimal={false}
          thousandSeparator=","
          {...form.getInputProps("daily_send_cap")}
        />
        <NumberInput
          label="To one contact"
          placeholder="As many as are due"
          min={1}
          allowDecimal={false}
          {...form.getInputProps("contact_daily_cap")}
        />
      </Two>
    </Part>
  );
}

export function Alerts({ form }: Props) {
  return (
    <Part legend="Alerts">
      <TextInput
        label="Alerts go to"
        description="What admins are notified of, such as a campaign that was paused because too much mail bounced, goes to this address too."
        placeholder="Nobody by e-mail"
        type="email"
        {...form.getInputProps("alert_email")}
      />
    </Part>
  );
}

function Part({
  legend,
  says,
  children,
}: Pick<FieldsetProps, "legend" | "children"> & { says?: string }) {
  return (
    <Fieldset legend={legend}>
      <Stack>
        {says && (
          <Text size="sm" c="dimmed">
            {says}
          </Text>
        )}
        {children}
      </Stack>
    </Fieldset>
  );
}

function Two({ children }: Pick<FieldsetProps, "children">) {
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} style={{ alignItems: "start" }}>
      {children}
    </SimpleGrid>
  );
}
