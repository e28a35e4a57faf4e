import { List, Stack, Text } from "@mantine/core";
import { api } from "@/api/client";
import { nameOf } from "@/format/format";
import { confirm } from "@/ui/confirm";
import { showDone, showProblem } from "@/ui/forms";

type Named = Parameters<typeof nameOf>[0] & { id: string };

/** Stop writing to a contact, after a question that says what it means. */
export function useDoNotContact() {
  const stop = api.useMutation("post", "/api/contacts/{contact_id}/do-not-contact", {
    onSuccess: ({ contact }) => showDone(`${nameOf(contact)} gets nothing more.`),
    onError: (error) => showProblem(error),
  });
  return {
    isPending: stop.isPending,
    ask: async (contact: Named) => {
      const yes = await confirm({
        title: `Never contact ${nameOf(contact)} again?`,
        says: (
          <Stack gap="xs">
            <Text size="sm">From now on, and at once:</Text>
            <List size="sm">
              <List.Item>no e-mail and no text goes out, by a campaign or by hand;</List.Item>
              <List.Item>it leaves every campaign that writes, as unsubscribed;</List.Item>
              <List.Item>
                the same holds for other contacts with this e-mail address or phone number.
              </List.Item>
            </List>
            <Text size="sm">
              If the contact wants to hear from you again, uncheck the opt-outs under Edit.
            </Text>
          </Stack>
        ),
        yes: "Do not contact",
        danger: true,
      });
      if (yes) stop.mutate({ params: { path: { contact_id: contact.id } } });
    },
  };
}

/** Whether a contact has opted out of all. */
export function isNotToBeContacted(contact: { email_opt_out: boolean; sms_opt_out: boolean }) {
  return contact.email_opt_out && contact.sms_opt_out;
}
