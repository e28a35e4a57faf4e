import { Text } from "@mantine/core";
import { modals } from "@mantine/modals";
import type { ReactNode } from "react";

interface Question {
  title: string;
  /** What it means. */
  says: ReactNode;
  /** The verb on the button: "Archive". */
  yes: string;
  danger?: boolean;
}

/** Ask before something is done; whether it is to be. */
export function confirm({ title, says, yes, danger = false }: Question): Promise<boolean> {
  return new Promise((resolve) => {
    modals.openConfirmModal({
      title,
      centered: true,
      children: typeof says === "string" ? <Text size="sm">{says}</Text> : says,
      labels: { confirm: yes, cancel: "Cancel" },
      confirmProps: danger ? { color: "red.9" } : {},
      onConfirm: () => resolve(true),
      onCancel: () => resolve(false),
      onClose: () => resolve(false),
    });
  });
}
