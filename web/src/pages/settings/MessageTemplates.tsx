import { Button, Drawer, Loader, Menu, SegmentedControl } from "@mantine/core";
import { IconMail, IconMessage, IconPlus } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { api } from "@/api/client";
import { CHANNELS, choices } from "@/format/words";
import { useMay } from "@/session/session";
import { Empty } from "@/ui/Empty";
import { Loaded } from "@/ui/Loaded";
import { Pager } from "@/ui/Pager";
import { MessageTemplateTable } from "./MessageTemplateTable";
import type { Channel, MessageTemplate } from "./messageTemplates";
import { Section } from "./Section";
import { useLeave } from "./useLeave";

const MessageTemplateForm = lazy(async () => ({
  default: (await import("./MessageTemplateForm")).MessageTemplateForm,
}));

const LIMIT = 50;

/** What is open in the drawer: a template, or a new one of a channel. */
type Opened = MessageTemplate | { channel: Channel };

export function MessageTemplates() {
  const [channel, setChannel] = useState<Channel | "">("");
  const [offset, setOffset] = useState(0);
  const [opened, setOpened] = useState<Opened>();
  const query = api.useQuery(
    "get",
    "/api/message-templates",
    { params: { query: { ...(channel && { channel }), limit: LIMIT, offset } } },
    { placeholderData: (before) => before },
  );
  const close = () => setOpened(undefined);
  const make = <Make onMake={(wanted) => setOpened({ channel: wanted })} />;
  return (
    <Section
      title="Message templates"
      says="Messages for the steps of your campaigns. Whoever changes one here changes it in each step that uses it."
      actions={make}
    >
      <SegmentedControl
        aria-label="Channel"
        mb="md"
        value={channel}
        onChange={(value) => {
          setChannel(value);
          setOffset(0);
        }}
        data={[{ value: "", label: "All" }, ...choices(CHANNELS)]}
      />
      <Loaded query={query}>
        {({ message_templates, total }) =>
          message_templates.length > 0 ? (
            <>
              <MessageTemplateTable templates={message_templates} onOpen={setOpened} />
              <Pager total={total} limit={LIMIT} offset={offset} onMove={setOffset} />
            </>
          ) : channel ? (
            <Empty title="None of these yet" says="Only others are there.">
              <Button variant="default" onClick={() => setChannel("")}>
                Show all
              </Button>
            </Empty>
          ) : (
            <Empty
              title="No message templates yet"
              says="Write a message once, and choose it in the steps of your campaigns."
            >
              {make}
            </Empty>
          )
        }
      </Loaded>
      {opened && <TemplateDrawer opened={opened} onClose={close} />}
    </Section>
  );
}

function TemplateDrawer({ opened, onClose }: { opened: Opened; onClose: () => void }) {
  const template = "id" in opened ? opened : undefined;
  const [isDirty, setDirty] = useState(false);
  const mayLeave = useLeave(isDirty, "What you have changed in this message is lost.");
  const leave = async () => {
    if (await mayLeave()) onClose();
  };
  return (
    <Drawer
      opened
      onClose={leave}
      position="right"
      size={1160}
      title={template?.name ?? (opened.channel === "email" ? "New e-mail" : "New text")}
      styles={{ title: { fontWeight: 650, fontSize: "var(--mantine-font-size-lg)" } }}
    >
      <Suspense fallback={<Loader m="xl" />}>
        <MessageTemplateForm
          channel={opened.channel}
          template={template}
          onDirty={setDirty}
          onCancel={leave}
          onDone={onClose}
        />
      </Suspense>
    </Drawer>
  );
}

function Make({ onMake }: { onMake: (channel: Channel) => void }) {
  if (!useMay("build")) return null;
  return (
    <Menu position="bottom-end" width={180}>
      <Menu.Target>
        <Button leftSection={<IconPlus size={16} />}>New template</Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconMail size={16} />} onClick={() => onMake("email")}>
          E-mail
        </Menu.Item>
        <Menu.Item leftSection={<IconMessage size={16} />} onClick={() => onMake("sms")}>
          Text message
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
