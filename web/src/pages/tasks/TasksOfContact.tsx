import { Button, Group, Text } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { api } from "@/api/client";
import type { Task } from "@/api/types";
import { Loaded } from "@/ui/Loaded";
import { Pager } from "@/ui/Pager";
import { TaskDialog } from "./TaskDialog";
import { TaskTable } from "./TaskTable";

const LIMIT = 100;

/** What is to be done, and was done, for one contact. */
export function TasksOfContact({ contactId }: { contactId: string }) {
  const [edited, setEdited] = useState<Task | "new" | null>(null);
  const [offset, setOffset] = useState(0);
  const query = api.useQuery(
    "get",
    "/api/tasks",
    { params: { query: { contact_id: contactId, limit: LIMIT, offset } } },
    { placeholderData: (before) => before },
  );
  return (
    <>
      <Group justify="flex-end" mb="sm">
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlus size={14} />}
          onClick={() => setEdited("new")}
        >
          New task
        </Button>
      </Group>
      <Loaded query={query} lines={2}>
        {({ tasks, total }) =>
          tasks.length > 0 ? (
            <>
              <TaskTable tasks={openFirst(tasks)} withContact={false} onEdit={setEdited} />
              {total > LIMIT && (
                <Pager total={total} limit={LIMIT} offset={offset} onMove={setOffset} />
              )}
            </>
          ) : (
            <Text size="sm" c="dimmed">
              Nothing to do. Campaigns make tasks, and you can make one by hand.
            </Text>
          )
        }
      </Loaded>
      <TaskDialog edited={edited} contactId={contactId} onClose={() => setEdited(null)} />
    </>
  );
}

function openFirst(tasks: Task[]): Task[] {
  return [...tasks].sort((one, other) => rankOf(one) - rankOf(other));
}

function rankOf({ status }: Task): number {
  return status === "open" ? 0 : 1;
}
