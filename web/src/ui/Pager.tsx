import { Group, Pagination, Text } from "@mantine/core";
import { formatCount } from "@/format/format";

interface Props {
  total: number;
  limit: number;
  offset: number;
  onMove: (offset: number) => void;
}

/** "51–100 of 1,234", and the way to the others. */
export function Pager({ total, limit, offset, onMove }: Props) {
  const last = Math.min(offset + limit, total);
  return (
    <Group justify="space-between" mt="md">
      <Text size="sm" c="dimmed" aria-live="polite">
        {total === 0
          ? "None"
          : `${formatCount(offset + 1)}–${formatCount(last)} of ${formatCount(total)}`}
      </Text>
      {total > limit && (
        <Pagination
          size="sm"
          total={Math.ceil(total / limit)}
          value={Math.floor(offset / limit) + 1}
          onChange={(page) => onMove((page - 1) * limit)}
          getItemProps={(page) => ({ "aria-label": `Page ${page}` })}
          getControlProps={(control) => ({ "aria-label": `${control} page` })}
        />
      )}
    </Group>
  );
}
