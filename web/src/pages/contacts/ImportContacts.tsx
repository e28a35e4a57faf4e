import { Box, Button, Checkbox, Group, Paper, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { type DragEvent, type ReactNode, useState } from "react";
import { problemOf } from "@/api/client";
import { importContacts } from "@/api/imports";
import { formatCount } from "@/format/format";
import { CsvInput, useCsvFile } from "@/ui/CsvFile";
import { Failure } from "@/ui/Failure";
import { ImportPreview } from "@/ui/ImportPreview";
import { Loaded } from "@/ui/Loaded";
import { Page } from "@/ui/Page";
import { ImportProgress } from "./ImportProgress";

const route = getRouteApi("/inside/contacts/import");

/** Contacts from a CSV file: what is in it, then the import, then what could not be taken. */
export function ImportContacts() {
  const { job } = route.useSearch();
  return (
    <Page
      title="Import contacts"
      says="From a CSV file, such as your CRM or spreadsheet exports. You see what is in it before anything is saved."
    >
      {job ? <ImportProgress jobId={job} /> : <ChooseFile />}
    </Page>
  );
}

function ChooseFile() {
  const navigate = route.useNavigate();
  const [raisesEvents, setRaisesEvents] = useState(false);
  const csv = useCsvFile();
  const { file } = csv;
  const start = useMutation({
    mutationFn: (chosen: File) => importContacts(chosen, { events: raisesEvents }),
    onSuccess: ({ id }) => navigate({ search: { job: id } }),
  });
  return (
    <Paper withBorder p="lg" maw={960}>
      <Stack>
        <DropArea onDrop={csv.setFile}>
          <CsvInput
            csv={csv}
            description="With a line of headers: first name, last name, email, phone, stage, tags, and what else you know. Choose it, or drop it here."
          />
        </DropArea>
        {file && !csv.isWrong && (
          <Loaded query={csv.preview} lines={4}>
            {(found) => (
              <>
                <ImportPreview preview={found} />
                <Checkbox
                  label="Let campaigns start for them"
                  description="The contacts raise their events, as if each were added by hand: campaigns that begin when a contact is added, changes its stage or gets a tag may take them in."
                  checked={raisesEvents}
                  onChange={(event) => setRaisesEvents(event.currentTarget.checked)}
                />
                <Text size="sm" c="dimmed">
                  Contacts that are known already take over what the file says of them; empty cells
                  clear nothing.
                </Text>
                {start.error && <Failure problem={problemOf(start.error)} />}
                <Group justify="flex-end">
                  <Button
                    disabled={found.new + found.known === 0}
                    loading={start.isPending}
                    onClick={() => start.mutate(file)}
                  >
                    Import {formatCount(found.rows)} {found.rows === 1 ? "row" : "rows"}
                  </Button>
                </Group>
              </>
            )}
          </Loaded>
        )}
      </Stack>
    </Paper>
  );
}

interface DropProps {
  onDrop: (file: File) => void;
  children: ReactNode;
}

/** A place to drop a file on, beside the field that works by keyboard. */
function DropArea({ onDrop, children }: DropProps) {
  const [isOver, setIsOver] = useState(false);
  const hover = (over: boolean) => (event: DragEvent) => {
    event.preventDefault();
    setIsOver(over);
  };
  return (
    <Box
      p="md"
      bg={isOver ? "slate.0" : undefined}
      style={{
        border: `1px dashed var(--mantine-color-${isOver ? "slate-8" : "gray-5"})`,
        borderRadius: "var(--mantine-radius-md)",
      }}
      onDragOver={hover(true)}
      onDragLeave={hover(false)}
      onDrop={(event) => {
        hover(false)(event);
        const [dropped] = event.dataTransfer.files;
        if (dropped) onDrop(dropped);
      }}
    >
      {children}
    </Box>
  );
}
