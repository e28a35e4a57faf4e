import { Button, Group, SegmentedControl } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "@/api/client";
import type { Task } from "@/api/types";
import { useSession } from "@/session/session";
import { Empty } from "@/ui/Empty";
import { Loaded } from "@/ui/Loaded";
import { Page } from "@/ui/Page";
import { Pager } from "@/ui/Pager";
import type { TaskSearch } from "./search";
import { TaskDialog } from "./TaskDialog";
import { TaskTable } from "./TaskTable";

const route = getRouteApi("/inside/tasks");
const LIMIT = 100;

/** What people of the company have to do, made by campaigns and by hand. */
export function TaskList() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { user } = useSession();
  const [edited, setEdited] = useState<Task | "new" | null>(null);
  const { whose = "mine", status = "open", page = 1 } = search;
  const offset = (page - 1) * LIMIT;
  const query = api.useQuery(
    "get",
    "/api/tasks",
    {
      params: {
        query: {
          status,
          ...(whose === "mine" && { assigned_to: user.id }),
          limit: LIMIT,
          offset,
        },
      },
    },
    { placeholderData: (before) => before },
  );
  const show = (change: TaskSearch) =>
    navigate({
      search: (before) => ({ ...before, page: undefined, ...change }),
      resetScroll: false,
    });
  const add = (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setEdited("new")}>
      New task
    </Button>
  );
  return (
    <Page title="Tasks" says="Calls, visits and all else that a person has to do." actions={add}>
      <Group mb="md" gap="sm">
        <SegmentedControl
          aria-label="Whose tasks"
          data={[
            { value: "mine", label: "Mine" },
            { value: "all", label: "Everybody's" },
          ]}
          value={whose}
          onChange={(value) => show({ whose: value === "all" ? "all" : undefined })}
        />
        <SegmentedControl
          aria-label="Which tasks"
          data={[
            { value: "open", label: "Open" },
            { value: "completed", label: "Done" },
            { value: "cancelled", label: "Cancelled" },
          ]}
          value={status}
          onChange={(value) =>
            show({ status: value === "completed" || value === "cancelled" ? value : undefined })
          }
        />
      </Group>
      <Loaded query={query}>
        {({ tasks, total }) =>
          tasks.length > 0 ? (
            <>
              <TaskTable tasks={tasks} isStale={query.isPlaceholderData} onEdit={setEdited} />
              <Pager
                total={total}
                limit={LIMIT}
                offset={offset}
                onMove={(to) => show({ page: to / LIMIT + 1 })}
              />
            </>
          ) : (
            <Empty {...EMPTY[status]}>
              {status === "open" &&
                (whose === "mine" ? (
                  <Button variant="default" onClick={() => show({ whose: "all" })}>
                    Show everybody's
                  </Button>
                ) : (
                  add
                ))}
            </Empty>
          )
        }
      </Loaded>
      <TaskDialog edited={edited} onClose={() => setEdited(null)} />
    </Page>
  );
}

const EMPTY = {
  open: {
    title: "Nothing to do",
    says: "Campaigns make tasks with a step of that type, and you can make one by hand.",
  },
  completed: { title: "Nothing done yet", says: "What you check off is kept here." },
  cancelled: { title: "Nothing cancelled", says: "Tasks that are not to be done are kept here." },
} as const;
