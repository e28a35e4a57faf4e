import { Alert, List, Stack, Table, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { ImportPreview as Preview } from "@/api/imports";
import { counted, formatCount } from "@/format/format";
import { readable } from "@/format/names";

/** What is in a CSV file: its columns and first rows, whom it would add, and which rows cannot be taken. */
export function ImportPreview({ preview }: { preview: Preview }) {
  const { rows, looked_at, columns, sample, known, failed, problems } = preview;
  return (
    <Stack gap="sm">
      <Text size="sm">
        <b>{counted(rows, "row")}</b>
        {rows > looked_at && `, of which the first ${formatCount(looked_at)} were looked at`}:{" "}
        {counted(preview.new, "new contact")}, {formatCount(known)} known already
        {failed > 0 && `, ${counted(failed, "row")} that cannot be taken`}.
      </Text>
      <Table.ScrollContainer
        minWidth={columns.length * 120}
        scrollAreaProps={{
          viewportProps: { tabIndex: 0, "aria-label": "The first rows", role: "region" },
        }}
      >
        <Table fz="xs" withTableBorder withColumnBorders style={{ whiteSpace: "nowrap" }}>
          <Table.Thead>
            <Table.Tr>
              {columns.map(({ header, field }, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: two columns may have the same header
                <Table.Th key={index}>
                  {header || "No name"}
                  <Text size="xs" c={field ? "teal.9" : "dimmed"} fw={400}>
                    {fieldWords(field)}
                  </Text>
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {sample.map((cells, row) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: two rows may be the same
              <Table.Tr key={row}>
                {columns.map((_, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: cells have a place and nothing else
                  <Table.Td key={index}>{cells[index]}</Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {problems.length > 0 && (
        <Alert
          color="orange"
          variant="light"
          icon={<IconAlertTriangle />}
          title={`${counted(failed, "row")} will be left out`}
        >
          <List size="sm">
            {problems.slice(0, 10).map(({ line, detail }) => (
              <List.Item key={line}>
                Line {line}: {detail}
              </List.Item>
            ))}
            {failed > 10 && <List.Item>and {formatCount(failed - 10)} more</List.Item>}
          </List>
        </Alert>
      )}
    </Stack>
  );
}

function fieldWords(field: string | null): string {
  if (!field) return "left out";
  return field.startsWith("custom.")
    ? `custom field ${readable(field).toLowerCase()}`
    : readable(field);
}
