import { Box, getThemeColor, useMantineTheme } from "@mantine/core";

export interface Part {
  name: string;
  value: number;
  color: string;
  /** Hatched, so that it is told from its neighbours without colour. */
  isHatched?: boolean;
}

interface Props {
  parts: readonly Part[];
  /** What a full bar would be. */
  of: number;
  height?: number;
}

/** A horizontal bar of parts. What it shows is said in words beside it. */
export function Bar({ parts, of, height = 8 }: Props) {
  const fill = useFill();
  return (
    <Box
      aria-hidden
      bg="gray.1"
      h={height}
      style={{ display: "flex", gap: 1, borderRadius: height / 2, overflow: "hidden" }}
    >
      {parts
        .filter(({ value }) => value > 0)
        .map(({ name, value, color, isHatched }) => (
          <Box
            key={name}
            w={`${of > 0 ? Math.min(100, (value / of) * 100) : 0}%`}
            miw={2}
            style={{ background: fill(color, isHatched) }}
          />
        ))}
    </Box>
  );
}

/** Makes a colour of the theme, or one that is none of it, a background. */
export function useFill(): (color: string, isHatched?: boolean) => string {
  const theme = useMantineTheme();
  return (color, isHatched = false) => {
    const plain = getThemeColor(color, theme);
    return isHatched ? `${HATCHES}, ${plain}` : plain;
  };
}

const HATCHES =
  "repeating-linear-gradient(135deg, transparent 0 3px, rgb(255 255 255 / 65%) 3px 5px)";
