import { ActionIcon, Menu } from "@mantine/core";
import {
  IconArrowBackUp,
  IconDots,
  IconPencil,
  IconTrash,
  IconUserCheck,
  IconX,
} from "@tabler/icons-react";
import type { Task } from "@/api/types";
import { useSession } from "@/session/session";
import type { TaskActions } from "./useTaskActions";

interface Props {
  task: Task;
  actions: TaskActions;
  onEdit: () => void;
}

export function TaskMenu({ task, actions, onEdit }: Props) {
  const { user } = useSession();
  return (
    <Menu position="bottom-end" width={200}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray.8" aria-label={`Actions for ${task.title}`}>
          <IconDots size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconPencil size={16} />} onClick={onEdit}>
          Edit
        </Menu.Item>
        {task.assigned_to !== user.id && (
          <Menu.Item
            leftSection={<IconUserCheck size={16} />}
            onClick={() => actions.assign(task, user.id)}
          >
            Assign to me
          </Menu.Item>
        )}
        {task.status === "open" && (
          <Menu.Item
            leftSection={<IconX size={16} />}
            onClick={() => actions.setStatus(task, "cancelled")}
          >
            Cancel it
          </Menu.Item>
        )}
        {task.status === "cancelled" && (
          <Menu.Item
            leftSection={<IconArrowBackUp size={16} />}
            onClick={() => actions.setStatus(task, "open")}
          >
            Open again
          </Menu.Item>
        )}
        <Menu.Item
          color="red.9"
          leftSection={<IconTrash size={16} />}
          onClick={() => actions.remove(task)}
        >
          Delete
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
