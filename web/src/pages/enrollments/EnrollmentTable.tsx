import { ActionIcon, Checkbox, Menu, Table, Text, Tooltip, VisuallyHidden } from "@mantine/core";
import { IconDoorExit, IconDots, IconPlayerPause, IconPlayerPlay } from "@tabler/icons-react";
import type { Enrollment, Step } from "@/api/types";
import { formatCount, formatMoney, nameOf } from "@/format/format";
import { SOURCES } from "@/format/words";
import { AnchorLink } from "@/ui/links";
import { EnrollmentBadge } from "@/ui/Status";
import { When } from "@/ui/When";
import { Place } from "./Place";
import { isChosen, pageToggled, type Selection, toggled } from "./selection";
import { type Actions, isLive, useActions } from "./useActions";

interface Props {
  enrollments: Enrollment[];
  steps: Step[];
  /** These are the rows from before; others are on their way. */
  isStale: boolean;
  /** For those who may act on many. */
  selection?: Selection;
  onSelect?: (selection: Selection) => void;
}

export function EnrollmentTable({ enrollments, steps, isStale, selection, onSelect }: Props) {
  const actions = useActions();
  const onPage = enrollments.filter(isLive).map(({ id }) => id);
  const chosen = selection ? onPage.filter((id) => isChosen(selection, id)).length : 0;
  const byId = new Map(steps.map((step) => [step.id, step]));
  return (
    <Table.ScrollContainer minWidth={960} aria-busy={isStale}>
      <Table
        highlightOnHover
        verticalSpacing="xs"
        horizontalSpacing="xs"
        opacity={isStale ? 0.6 : 1}
        fz="sm"
        style={{ whiteSpace: "nowrap" }}
      >
        <Table.Thead>
          <Table.Tr>
            {selection && onSelect && (
              <Table.Th w={36}>
                <Checkbox
                  size="xs"
                  aria-label="Choose all on this page"
                  disabled={onPage.length === 0}
                  checked={chosen > 0 && chosen === onPage.length}
                  indeterminate={chosen > 0 && chosen < onPage.length}
                  onChange={() => onSelect(pageToggled(selection, onPage))}
                />
              </Table.Th>
            )}
            <Table.Th>Contact</Table.Th>
            <Table.Th>Status</Table.Th>
            <Table.Th>Where it is</Table.Th>
            <Table.Th ta="right">Steps</Table.Th>
            <Table.Th ta="right">
              <Tooltip label="Sent, opened, clicked">
                <span>E-mails</span>
              </Tooltip>
            </Table.Th>
            <Table.Th ta="right">
              <Tooltip label="Sent, replied to">
                <span>Texts</span>
              </Tooltip>
            </Table.Th>
            <Table.Th ta="right">Revenue</Table.Th>
            <Table.Th>Enrolled</Table.Th>
            <Table.Th w={44}>
              <VisuallyHidden>Actions</VisuallyHidden>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {enrollments.map((each) => (
            <Row
              key={each.id}
              enrollment={each}
              step={byId.get(each.current_step_id ?? "")}
              actions={actions}
              {...(selection &&
                onSelect && {
                  chosen: isLive(each) && isChosen(selection, each.id),
                  onChoose: () => onSelect(toggled(selection, each.id, onPage)),
                })}
            />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

interface RowProps {
  enrollment: Enrollment;
  /** That it is at; none if that was deleted. */
  step: Step | undefined;
  actions: Actions;
  chosen?: boolean;
  onChoose?: () => void;
}

function Row({ enrollment: one, step, actions, chosen, onChoose }: RowProps) {
  const name = nameOf(one.contact);
  const address = one.contact.email ?? one.contact.phone;
  return (
    <Table.Tr {...(chosen && { bg: "slate.0" })}>
      {onChoose && (
        <Table.Td>
          <Checkbox
            size="xs"
            aria-label={`Choose ${name}`}
            disabled={!isLive(one)}
            checked={chosen ?? false}
            onChange={onChoose}
          />
        </Table.Td>
      )}
      <Table.Td maw={200}>
        <AnchorLink
          to="/campaigns/$campaignId/enrollments/$enrollmentId"
          params={{ campaignId: one.campaign_id, enrollmentId: one.id }}
          fw={600}
          fz="sm"
        >
          {name}
        </AnchorLink>
        {address && address !== name && (
          <Text size="xs" c="dimmed" truncate>
            {address}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <EnrollmentBadge status={one.status} />
      </Table.Td>
      <Table.Td w="100%" maw={0}>
        <Place enrollment={one} step={step} />
      </Table.Td>
      <Table.Td ta="right">{formatCount(one.steps_completed)}</Table.Td>
      <Table.Td ta="right">
        <Figures
          counts={[one.emails_sent, one.emails_opened, one.emails_clicked]}
          says={`${one.emails_sent} sent, ${one.emails_opened} opened, ${one.emails_clicked} clicked`}
        />
      </Table.Td>
      <Table.Td ta="right">
        <Figures
          counts={[one.sms_sent, one.sms_replied]}
          says={`${one.sms_sent} sent, ${one.sms_replied} replied to`}
        />
      </Table.Td>
      <Table.Td ta="right">
        {Number(one.revenue_attributed) > 0 ? formatMoney(one.revenue_attributed) : "–"}
      </Table.Td>
      <Table.Td>
        <When at={one.enrolled_at} distance />
        <Text size="xs" c="dimmed">
          {SOURCES[one.enrollment_source]}
        </Text>
      </Table.Td>
      <Table.Td>{isLive(one) && <RowMenu enrollment={one} actions={actions} />}</Table.Td>
    </Table.Tr>
  );
}

function Figures({ counts, says }: { counts: number[]; says: string }) {
  return (
    <span title={says}>
      <span aria-hidden>{counts.map(formatCount).join(" / ")}</span>
      <VisuallyHidden>{says}</VisuallyHidden>
    </span>
  );
}

function RowMenu({ enrollment: one, actions }: { enrollment: Enrollment; actions: Actions }) {
  return (
    <Menu position="bottom-end" width={210}>
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray.8"
          aria-label={`Actions for ${nameOf(one.contact)}`}
        >
          <IconDots size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {one.status === "active" ? (
          <Menu.Item leftSection={<IconPlayerPause size={16} />} onClick={() => actions.pause(one)}>
            Pause
          </Menu.Item>
        ) : (
          <Menu.Item leftSection={<IconPlayerPlay size={16} />} onClick={() => actions.resume(one)}>
            Resume
          </Menu.Item>
        )}
        <Menu.Item
          color="red.9"
          leftSection={<IconDoorExit size={16} />}
          onClick={() => actions.exit(one)}
        >
          Take out of the campaign
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
