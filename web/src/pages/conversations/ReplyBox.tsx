import { Alert, Button, Group, SegmentedControl, Stack, Textarea, TextInput } from "@mantine/core";
import { useInterval } from "@mantine/hooks";
import { IconInfoCircle, IconSend } from "@tabler/icons-react";
import { type KeyboardEvent, useState } from "react";
import type { Contact, Message } from "@/api/types";
import { nameOf } from "@/format/format";
import { useSession } from "@/session/session";
import classes from "./conversations.module.css";
import { type Channel, firstChannel, holdsUntil, reasonAgainst, sayRefusal } from "./reach";
import { useSend } from "./useSend";

interface Props {
  contact: Contact;
  /** The last word of the contact, which this answers. */
  last: Message | undefined;
}

/** Write back, by text or e-mail; where that cannot be, it says why. */
export function ReplyBox({ contact, last }: Props) {
  const { timezone } = useSession().tenant;
  const [chosen, setChosen] = useState<Channel | null>(null);
  const [subject, setSubject] = useState<string | null>(null);
  const [body, setBody] = useState("");
  const { send, refused, forget, isPending } = useSend(contact.id);
  const name = nameOf(contact);
  const channel = chosen ?? firstChannel(contact, last?.channel);
  const isEmail = channel === "email";
  const about = subject ?? answerTo(last);
  const against = reasonAgainst(channel, contact, name);
  const isHeld = useIsAhead(refused ? holdsUntil(refused) : null);
  const errorAt = (field: string) =>
    refused?.errors?.find((error) => error.field.startsWith(field))?.message;
  const reason =
    against ?? (refused && !refused.errors?.length ? sayRefusal(refused, name, timezone) : null);
  const mayNot = against !== null || isHeld || !body.trim() || (isEmail && !about.trim());

  function submit() {
    if (mayNot || isPending) return;
    const words = { body: body.trim(), ...(isEmail && { subject: about.trim() }) };
    send({ channel, ...words }, () => {
      setBody("");
      setSubject(null);
    });
  }

  function sendByKeys(event: KeyboardEvent) {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    submit();
  }

  return (
    <form
      className={classes.reply}
      aria-label={`Write to ${name}`}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Stack gap="xs">
        <Group gap="xs">
          <SegmentedControl
            size="xs"
            aria-label="How to write"
            data={[
              { value: "sms", label: "Text" },
              { value: "email", label: "E-mail" },
            ]}
            value={channel}
            onChange={(value) => {
              setChosen(value === "email" ? "email" : "sms");
              forget();
            }}
          />
        </Group>
        {reason && (
          <Alert
            color="orange"
            variant="light"
            p="xs"
            icon={<IconInfoCircle size={18} />}
            role="status"
          >
            {reason}
          </Alert>
        )}
        {isEmail && (
          <TextInput
            aria-label="Subject"
            placeholder="Subject"
            maxLength={255}
            disabled={against !== null}
            value={about}
            onChange={(event) => setSubject(event.currentTarget.value)}
            error={errorAt("subject")}
          />
        )}
        <Group gap="xs" align="flex-end" wrap="nowrap">
          <Textarea
            aria-label="Message"
            placeholder={isEmail ? `E-mail to ${name}` : `Text to ${name}`}
            flex={1}
            autosize
            minRows={isEmail ? 3 : 2}
            maxRows={8}
            disabled={against !== null}
            value={body}
            onChange={(event) => {
              setBody(event.currentTarget.value);
              // What is being written does not change its way when an answer comes by the other one.
              setChosen(channel);
            }}
            onKeyDown={sendByKeys}
            error={errorAt("body") ?? errorAt("html")}
          />
          <Button
            type="submit"
            leftSection={<IconSend size={16} />}
            loading={isPending}
            disabled={mayNot}
            title="Ctrl + Enter"
          >
            Send
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function answerTo(last: Message | undefined): string {
  if (last?.channel !== "email" || !last.subject) return "";
  return /^re:/i.test(last.subject) ? last.subject : `Re: ${last.subject}`;
}

/** Whether a moment is still to come; it looks at the clock now and then. */
function useIsAhead(moment: number | null): boolean {
  const [now, setNow] = useState(Date.now());
  useInterval(() => setNow(Date.now()), 10_000, { autoInvoke: true });
  return moment !== null && moment > now;
}
