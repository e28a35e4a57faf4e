import "@mantine/charts/styles.css";
import { LineChart } from "@mantine/charts";
import { Box, Chip, Group, Text } from "@mantine/core";
import { useState } from "react";
import { Symbols } from "recharts";
import { formatCount } from "@/format/format";
import { ChartTable } from "./ChartTable";
import { colorOf, MARKS, Swatch } from "./marks";
import { Section } from "./Section";
import { ALL_LINES, type Day, grainOf, LINES, type Line, pointsOf } from "./series";

const FIRST_SHOWN: Line[] = ["enrolled", "emails_sent", "emails_opened", "goals"];
/** With more, the signs would run into each other; the dashes remain. */
const MOST_SIGNS = 31;
const HEIGHT = 260;
const CHART = {
  // The sign of the last point reaches beyond it.
  margin: { right: 8 },
  role: "application",
  "aria-label": "Over time, as a chart. Arrow keys go from point to point.",
};

/** What happened when; one chooses what is shown. */
export function SeriesChart({ days, csv }: { days: readonly Day[]; csv: string }) {
  const [shown, setShown] = useState(FIRST_SHOWN);
  const grain = grainOf(days);
  const points = pointsOf(days, grain);
  const lines = ALL_LINES.filter((line) => shown.includes(line));
  const hasSigns = points.length <= MOST_SIGNS;
  return (
    <Section title="Over time" says={`What happened, by ${grain}.`} csv={csv}>
      <Lines shown={shown} onChange={setShown} />
      {lines.length > 0 ? (
        <LineChart
          h={HEIGHT}
          data={points}
          dataKey="label"
          curveType="linear"
          valueFormatter={formatCount}
          series={lines.map((line) => ({
            name: line,
            label: LINES[line],
            color: MARKS[line].color,
            strokeDasharray: MARKS[line].dash,
          }))}
          lineProps={({ name }) => ({ dot: hasSigns ? <Sign line={lineOf(name)} /> : false })}
          lineChartProps={CHART}
          xAxisProps={{ interval: "preserveStart", minTickGap: 24 }}
          yAxisProps={{ allowDecimals: false, width: 52 }}
        />
      ) : (
        <Box h={HEIGHT}>
          <Text c="dimmed" size="sm">
            Choose what to show.
          </Text>
        </Box>
      )}
      <ChartTable
        caption={`What happened, by ${grain}`}
        columns={lines.map((line) => LINES[line])}
        rows={points.map((point) => [point.label, lines.map((line) => formatCount(point[line]))])}
      />
    </Section>
  );
}

function Lines({ shown, onChange }: { shown: Line[]; onChange: (lines: Line[]) => void }) {
  return (
    <Chip.Group
      multiple
      value={shown}
      onChange={(names) => onChange(ALL_LINES.filter((line) => names.includes(line)))}
    >
      <Group gap={4} role="group" aria-label="What to show">
        {ALL_LINES.map((line) => (
          <Chip key={line} value={line} size="xs" variant="outline">
            <Group gap={5} wrap="nowrap" component="span">
              <Swatch line={line} />
              {LINES[line]}
            </Group>
          </Chip>
        ))}
      </Group>
    </Chip.Group>
  );
}

/** The chart gives it its place. */
function Sign({ line, cx, cy }: { line: Line; cx?: number; cy?: number }) {
  if (cx === undefined || cy === undefined) return null;
  return <Symbols cx={cx} cy={cy} type={MARKS[line].symbol} size={50} fill={colorOf(line)} />;
}

function lineOf(name: string): Line {
  return ALL_LINES.find((line) => line === name) ?? "enrolled";
}
