import { Button, Group, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { problemOf } from "@/api/client";
import { importContacts, type ImportPreview as Preview } from "@/api/imports";
import type { Campaign } from "@/api/types";
import { counted, formatCount } from "@/format/format";
import { CsvInput, useCsvFile } from "@/ui/CsvFile";
import { Failure } from "@/ui/Failure";
import { ImportPreview } from "@/ui/ImportPreview";
import { JobProgress } from "@/ui/JobProgress";
import { Loaded } from "@/ui/Loaded";

/** All whom a CSV file names; those who are no contacts yet become some. */
export function EnrollFromFile({ campaign }: { campaign: Campaign }) {
  const csv = useCsvFile();
  const { file } = csv;
  const start = useMutation({
    mutationFn: (file: File) => importContacts(file, { campaign_id: campaign.id }),
  });
  if (start.data)
    return (
      <Stack gap="xs">
        <JobProgress jobId={start.data.id} />
        <Text size="xs" c="dimmed">
          First the contacts are imported, then they are enrolled. You may close this: it goes on by
          itself.
        </Text>
      </Stack>
    );
  return (
    <Stack>
      <CsvInput
        csv={csv}
        description="With a line of headers: first name, last name, email, phone, and what else you know of them"
      />
      {file && !csv.isWrong && (
        <Loaded query={csv.preview} lines={4}>
          {(preview) => (
            <>
              <ImportPreview preview={preview} />
              {start.error && <Failure problem={problemOf(start.error)} />}
              <Text size="sm">{whatHappens(preview)}</Text>
              <Group justify="flex-end">
                <Button
                  disabled={preview.new + preview.known === 0}
                  loading={start.isPending}
                  onClick={() => start.mutate(file)}
                >
                  Import and enroll
                </Button>
              </Group>
            </>
          )}
        </Loaded>
      )}
    </Stack>
  );
}

function whatHappens({ rows, looked_at, known, ...preview }: Preview): string {
  const people = preview.new + known;
  const about = rows > looked_at ? "about " : "";
  const enrolled = rows > looked_at ? Math.round((people * rows) / looked_at) : people;
  return [
    known > 0
      ? `Contacts that are known already (${formatCount(known)}) take over what the file says of them; empty cells clear nothing.`
      : "",
    `Then ${about}${counted(enrolled, "contact is", "contacts are")} enrolled, but for those whom the campaign does not take again.`,
  ]
    .filter(Boolean)
    .join(" ");
}
