import { Table, Text } from "@mantine/core";
import { formatMoney } from "@/format/format";
import { BY_KEYBOARD } from "@/ui/byKeyboard";
import { Bar } from "./Bar";
import { type Holdout, moneyEach, sayLift, saySide } from "./holdout";
import { Section } from "./Section";

/** Whether the campaign does anything: those who got it beside those who were held out. */
export function HoldoutCard({ holdout }: { holdout: Holdout }) {
  const sides = [
    { name: "Got the campaign", side: holdout.treated },
    { name: "Held out", side: holdout },
  ];
  const most = Math.max(...sides.map(({ side }) => side.goal_rate ?? 0));
  return (
    <Section
      title="Does it do anything?"
      says="Who reached the goal, and what deals brought in, within the attribution window after being enrolled: another measure than above."
    >
      <Text size="sm">{sayLift(holdout)}</Text>
      <Table.ScrollContainer minWidth={560} scrollAreaProps={BY_KEYBOARD}>
        <Table verticalSpacing={8} aria-label="Those who got the campaign and those held out">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Contacts</Table.Th>
              <Table.Th w="40%">Reached the goal</Table.Th>
              <Table.Th ta="right">Revenue</Table.Th>
              <Table.Th ta="right">By contact</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {sides.map(({ name, side }, at) => (
              <Table.Tr key={name}>
                <Table.Td>{name}</Table.Td>
                <Table.Td>
                  {saySide(side)}
                  <Bar
                    of={most}
                    height={6}
                    parts={[
                      {
                        name,
                        value: side.goal_rate ?? 0,
                        color: "slate.6",
                        isHatched: at === 1,
                      },
                    ]}
                  />
                </Table.Td>
                <Table.Td ta="right">{formatMoney(side.revenue)}</Table.Td>
                <Table.Td ta="right">{moneyEach(side)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Section>
  );
}
