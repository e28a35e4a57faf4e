import { Box, Divider, Flex, SegmentedControl, Stack } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { type ComponentType, type ReactNode, useState } from "react";
import { useMay } from "@/session/session";
import type { FieldsProps } from "../StepFields";
import { MessagePreview } from "./MessagePreview";
import { TestSend } from "./TestSend";
import { type Shown, shownOf, usePreview, usePreviewContact } from "./usePreview";
import { variantsOf } from "./variants";

export interface MessageProps extends FieldsProps {
  /** Which of the versions is edited and shown. */
  version: number;
  onVersion: (version: number) => void;
  /** How it comes out for the contact of the preview. */
  shown: Shown | undefined;
}

interface Props extends FieldsProps {
  before: ReactNode;
  after: ReactNode;
  fields: ComponentType<MessageProps>;
}

/** A message while it is written, and beside it what becomes of it. */
export function MessageDesk({ before, after, fields: Fields, ...props }: Props) {
  const { form, campaign } = props;
  const { step_type, step_config } = form.values;
  const isWide = useMediaQuery("(min-width: 62em)", true, { getInitialValueInEffect: false });
  const [side, setSide] = useState("edit");
  const [chosen, setVersion] = useState(0);
  const version = Math.min(chosen, Math.max(0, variantsOf(step_config).length - 1));
  const { contactId, choose, isKnown } = usePreviewContact(step_type);
  const preview = usePreview(campaign, step_type, step_config, contactId, isKnown);
  const maySend = useMay("build");

  const left = (
    <Stack gap="lg">
      {before}
      <Divider />
      <Fields
        {...props}
        version={version}
        onVersion={setVersion}
        shown={shownOf(preview.data?.preview, version)}
      />
      {after}
    </Stack>
  );
  const right = (
    <Stack gap="md">
      <MessagePreview
        stepType={step_type}
        query={preview}
        version={version}
        contactId={contactId}
        onContact={choose}
      />
      {maySend && <TestSend campaign={campaign} values={form.values} contactId={contactId} />}
    </Stack>
  );
  if (!isWide)
    return (
      <Stack gap="md">
        <SegmentedControl
          fullWidth
          aria-label="Edit or preview"
          value={side}
          onChange={setSide}
          data={[
            { value: "edit", label: "Edit" },
            { value: "preview", label: "Preview" },
          ]}
        />
        <Box display={side === "edit" ? undefined : "none"}>{left}</Box>
        {side === "preview" && right}
      </Stack>
    );
  return (
    <Flex gap="xl" align="flex-start">
      <Box flex={1} miw={0}>
        {left}
      </Box>
      <Box w={440} pos="sticky" top={76} style={{ flexShrink: 0 }}>
        {right}
      </Box>
    </Flex>
  );
}
