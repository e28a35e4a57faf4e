import { Tooltip, VisuallyHidden } from "@mantine/core";
import { formatShare } from "@/format/format";

interface Props {
  share: number | null;
  /** Why there is none, where there is none: "Nobody was enrolled". */
  why: string;
}

/** A share, or a dash that says why there is none. */
export function Rate({ share, why }: Props) {
  if (share !== null) return <>{formatShare(share)}</>;
  return (
    <Tooltip label={why} events={{ hover: true, focus: true, touch: true }}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: by keyboard one gets to know it too */}
      <span tabIndex={0}>
        <span aria-hidden>{formatShare(null)}</span>
        <VisuallyHidden>No rate: {why}</VisuallyHidden>
      </span>
    </Tooltip>
  );
}
