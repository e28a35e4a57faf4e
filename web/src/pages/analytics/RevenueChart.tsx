import "@mantine/charts/styles.css";
import { BarChart } from "@mantine/charts";
import { Center, Text } from "@mantine/core";
import { formatMoney } from "@/format/format";
import { ChartTable } from "./ChartTable";
import { Section } from "./Section";
import { type Day, grainOf, pointsOf } from "./series";

const HEIGHT = 200;
const LABEL = {
  role: "application",
  "aria-label": "Revenue, as a chart. Arrow keys go from bar to bar.",
};

/** What came in when. What is taken back is below zero. */
export function RevenueChart({ days }: { days: readonly Day[] }) {
  const grain = grainOf(days);
  const points = pointsOf(days, grain);
  return (
    <Section title="Revenue" says={`What came in, by ${grain}.`}>
      {points.some(({ revenue }) => revenue !== 0) ? (
        <>
          <BarChart
            h={HEIGHT}
            data={points}
            dataKey="label"
            series={[{ name: "revenue", label: "Revenue", color: "teal.8" }]}
            valueFormatter={formatMoney}
            maxBarWidth={40}
            barChartProps={LABEL}
            xAxisProps={{ interval: "preserveStart", minTickGap: 24 }}
            yAxisProps={{ tickFormatter: shortMoney, width: 56 }}
          />
          <ChartTable
            caption={`Revenue by ${grain}`}
            columns={["Revenue"]}
            rows={points.map(({ label, revenue }) => [label, [formatMoney(revenue)]])}
          />
        </>
      ) : (
        <Center h={HEIGHT}>
          <Text c="dimmed" size="sm">
            No revenue in this time
          </Text>
        </Center>
      )}
    </Section>
  );
}

const SHORT = new Intl.NumberFormat("en-US", {
  style: "currency",
  currency: "USD",
  notation: "compact",
});

function shortMoney(amount: number): string {
  return SHORT.format(amount);
}
