import { Checkbox, Table, Text, UnstyledButton, VisuallyHidden } from "@mantine/core";
import { useState } from "react";
import type { Task } from "@/api/types";
import { readable } from "@/format/names";
import { ContactLink } from "@/ui/references";
import { useUserChoices } from "@/ui/UserSelect";
import { When } from "@/ui/When";
import { inOrder, isOverdue } from "./due";
import { TaskMenu } from "./TaskMenu";
import { type TaskActions, useTaskActions } from "./useTaskActions";

interface Props {
  tasks: Task[];
  onEdit: (task: Task) => void;
  /** These are the rows from before; others are on their way. */
  isStale?: boolean;
  /** On the page of their contact it need not be said whose they are. */
  withContact?: boolean;
}

/** Tasks to be checked off, what is due first on top. */
export function TaskTable({ tasks, onEdit, isStale = false, withContact = true }: Props) {
  const actions = useTaskActions();
  return (
    <Table.ScrollContainer minWidth={withContact ? 760 : 520} aria-busy={isStale}>
      <Table highlightOnHover verticalSpacing="xs" fz="sm" opacity={isStale ? 0.6 : 1}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={36}>
              <VisuallyHidden>Done</VisuallyHidden>
            </Table.Th>
            <Table.Th>Task</Table.Th>
            {withContact && <Table.Th>Contact</Table.Th>}
            <Table.Th>Due</Table.Th>
            <Table.Th>Assigned to</Table.Th>
            <Table.Th w={44}>
              <VisuallyHidden>Actions</VisuallyHidden>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {inOrder(tasks).map((task) => (
            <Row
              key={task.id}
              task={task}
              actions={actions}
              withContact={withContact}
              onEdit={() => onEdit(task)}
            />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

interface RowProps {
  task: Task;
  actions: TaskActions;
  withContact: boolean;
  onEdit: () => void;
}

function Row({ task, actions, withContact, onEdit }: RowProps) {
  const assigned = useUserChoices().find(({ value }) => value === task.assigned_to);
  return (
    <Table.Tr>
      <Table.Td>
        <DoneBox key={task.status} task={task} actions={actions} />
      </Table.Td>
      <Table.Td maw={360}>
        <UnstyledButton onClick={onEdit} fz="sm" fw={600} style={{ overflowWrap: "anywhere" }}>
          {task.title}
        </UnstyledButton>
        <Text size="xs" c="dimmed" lineClamp={1}>
          {saysOf(task)}
        </Text>
      </Table.Td>
      {withContact && (
        <Table.Td>{task.contact_id ? <ContactLink contactId={task.contact_id} /> : "–"}</Table.Td>
      )}
      <Table.Td>
        <Due task={task} />
      </Table.Td>
      <Table.Td>{assigned?.label ?? "Nobody"}</Table.Td>
      <Table.Td>
        <TaskMenu task={task} actions={actions} onEdit={onEdit} />
      </Table.Td>
    </Table.Tr>
  );
}

/** Checked at once, and unchecked again if the API refuses. */
function DoneBox({ task, actions }: { task: Task; actions: TaskActions }) {
  const isDone = task.status === "completed";
  const [isChecked, setIsChecked] = useState(isDone);
  return (
    <Checkbox
      aria-label={isDone ? `Open again: ${task.title}` : `Done: ${task.title}`}
      checked={isChecked}
      disabled={task.status === "cancelled" || isChecked !== isDone}
      onChange={() => {
        setIsChecked(!isDone);
        actions.setStatus(task, isDone ? "open" : "completed", () => setIsChecked(isDone));
      }}
    />
  );
}

function saysOf({ activity_subtype, priority, description }: Task): string {
  return [
    activity_subtype && readable(activity_subtype),
    priority && priority !== "normal" && `${readable(priority)} priority`,
    description,
  ]
    .filter(Boolean)
    .join(" · ");
}

function Due({ task }: { task: Task }) {
  if (task.completed_at)
    return (
      <>
        Done <When at={task.completed_at} distance />
      </>
    );
  if (!isOverdue(task)) return <When at={task.due_at} />;
  return (
    <>
      <Text size="sm" c="red.9" fw={600} span>
        <When at={task.due_at} />
      </Text>
      <Text size="xs" c="red.9">
        Overdue
      </Text>
    </>
  );
}
