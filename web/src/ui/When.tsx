import { Tooltip } from "@mantine/core";
import { formatDistance, formatTime } from "@/format/format";
import { useSession } from "@/session/session";

interface Props {
  at: string | null | undefined;
  /** How long ago or until then, with the time itself on hover and focus. */
  distance?: boolean;
}

/** A time in the company's zone, which is named. */
export function When({ at, distance = false }: Props) {
  const { timezone } = useSession().tenant;
  if (!at) return <>–</>;
  const time = formatTime(at, timezone);
  if (!distance) return <time dateTime={at}>{time}</time>;
  return (
    <Tooltip label={time} events={{ hover: true, focus: true, touch: true }}>
      <time dateTime={at}>{formatDistance(at)}</time>
    </Tooltip>
  );
}
