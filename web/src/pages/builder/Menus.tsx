import { Kbd, Menu } from "@mantine/core";
import {
  IconArrowDown,
  IconArrowsMove,
  IconArrowUp,
  IconCopy,
  IconPencil,
  IconTrash,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { Step, StepType } from "@/api/types";
import { STEP_TYPES } from "@/format/words";
import { StepIcon } from "@/ui/StepIcon";
import { neighbour, type Place } from "./flow";
import { GROUPS } from "./kinds";

/** The menu that is open, and the button at which it is: one for the whole canvas, as there may be hundreds of buttons. */
export type OpenMenu = { at: HTMLElement } & (
  | { kind: "step"; step: Step }
  | { kind: "add"; place: Place }
);

interface Props {
  menu: OpenMenu | null;
  steps: readonly Step[];
  onClose: () => void;
  onAdd: (type: StepType, place: Place) => void;
  onEdit: (step: Step) => void;
  onMove: (step: Step, by: "up" | "down") => void;
  onChoosePlace: (step: Step) => void;
  onDuplicate: (step: Step) => void;
  onDelete: (step: Step) => void;
}

export function Menus({ menu, ...props }: Props) {
  if (!menu) return null;
  return (
    <AtButton
      at={menu.at}
      label={menu.kind === "add" ? "Add a step" : "Step"}
      onClose={props.onClose}
    >
      {menu.kind === "add" ? (
        <TypeItems onChoose={(type) => props.onAdd(type, menu.place)} />
      ) : (
        <StepItems {...props} step={menu.step} />
      )}
    </AtButton>
  );
}

/** A menu below a button that it does not have to be a part of. */
function AtButton(props: {
  at: HTMLElement;
  label: string;
  onClose: () => void;
  children: ReactNode;
}) {
  const { left, top, width, height } = props.at.getBoundingClientRect();
  return (
    <Menu
      opened
      onClose={() => {
        props.at.focus({ preventScroll: true });
        props.onClose();
      }}
      position="bottom-start"
      width={230}
      returnFocus={false}
      transitionProps={{ duration: 80 }}
    >
      <Menu.Target>
        <button
          type="button"
          tabIndex={-1}
          aria-label={props.label}
          style={{ position: "fixed", left, top, width, height, opacity: 0, pointerEvents: "none" }}
        />
      </Menu.Target>
      <Menu.Dropdown mah="70dvh" style={{ overflowY: "auto" }}>
        {props.children}
      </Menu.Dropdown>
    </Menu>
  );
}

function TypeItems({ onChoose }: { onChoose: (type: StepType) => void }) {
  return GROUPS.map(({ label, color, kinds }) => (
    <div key={label}>
      <Menu.Label>{label}</Menu.Label>
      {kinds.map(({ type }) => (
        <Menu.Item
          key={type}
          leftSection={<StepIcon type={type} />}
          styles={{ itemSection: { color: `var(--mantine-color-${color}-8)` } }}
          onClick={() => onChoose(type)}
        >
          {STEP_TYPES[type]}
        </Menu.Item>
      ))}
    </div>
  ));
}

function StepItems({ step, steps, ...props }: Omit<Props, "menu"> & { step: Step }) {
  return (
    <>
      <Menu.Item leftSection={<IconPencil size={16} />} onClick={() => props.onEdit(step)}>
        Edit
      </Menu.Item>
      <Menu.Item
        leftSection={<IconArrowUp size={16} />}
        rightSection={<Kbd size="xs">Alt ↑</Kbd>}
        disabled={!neighbour(steps, step, "up")}
        onClick={() => props.onMove(step, "up")}
      >
        Move up
      </Menu.Item>
      <Menu.Item
        leftSection={<IconArrowDown size={16} />}
        rightSection={<Kbd size="xs">Alt ↓</Kbd>}
        disabled={!neighbour(steps, step, "down")}
        onClick={() => props.onMove(step, "down")}
      >
        Move down
      </Menu.Item>
      <Menu.Item
        leftSection={<IconArrowsMove size={16} />}
        disabled={steps.length < 2}
        onClick={() => props.onChoosePlace(step)}
      >
        Move to…
      </Menu.Item>
      <Menu.Item leftSection={<IconCopy size={16} />} onClick={() => props.onDuplicate(step)}>
        Duplicate
      </Menu.Item>
      <Menu.Divider />
      <Menu.Item
        color="red.9"
        leftSection={<IconTrash size={16} />}
        rightSection={<Kbd size="xs">Del</Kbd>}
        onClick={() => props.onDelete(step)}
      >
        Delete
      </Menu.Item>
    </>
  );
}
