import { Box } from "@mantine/core";
import { Symbols, type SymbolsProps } from "recharts";
import type { Line } from "./series";

interface Mark {
  color: string;
  dash: string;
  symbol: NonNullable<SymbolsProps["type"]>;
}

/** Told apart by colour, by dashes, and by the sign at each point. */
export const MARKS: Readonly<Record<Line, Mark>> = {
  enrolled: { color: "slate.9", dash: "0", symbol: "circle" },
  emails_sent: { color: "indigo.6", dash: "8 4", symbol: "square" },
  emails_opened: { color: "violet.7", dash: "2 3", symbol: "triangle" },
  emails_clicked: { color: "grape.7", dash: "8 3 2 3", symbol: "diamond" },
  sms_sent: { color: "teal.8", dash: "14 4", symbol: "cross" },
  sms_replied: { color: "lime.9", dash: "4 4", symbol: "wye" },
  goals: { color: "orange.8", dash: "0", symbol: "star" },
};

export function colorOf(line: Line): string {
  return `var(--mantine-color-${MARKS[line].color.replace(".", "-")})`;
}

/** A piece of the line, as a legend shows it. */
export function Swatch({ line }: { line: Line }) {
  const { dash, symbol } = MARKS[line];
  const color = colorOf(line);
  return (
    <Box component="svg" w={24} h={14} viewBox="0 0 24 14" aria-hidden style={{ flexShrink: 0 }}>
      <line x1={0} x2={24} y1={7} y2={7} stroke={color} strokeWidth={2} strokeDasharray={dash} />
      <Symbols cx={12} cy={7} type={symbol} size={50} fill={color} />
    </Box>
  );
}
