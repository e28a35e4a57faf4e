import "@mantine/dates/styles.css";
import type { DateInputProps } from "@mantine/dates";

/** Calendars as they are in the US, which can be heard and read too; weekends are days like others, as red is for what is wrong. */
export const CALENDAR = {
  firstDayOfWeek: 0,
  weekendDays: [],
  // The days of other months are too pale to read.
  hideOutsideDates: true,
  ariaLabels: {
    previousMonth: "Month before",
    nextMonth: "Month after",
    previousYear: "Year before",
    nextYear: "Year after",
    previousDecade: "Decade before",
    nextDecade: "Decade after",
  },
  // It would be a dialog without a name.
  popoverProps: { withRoles: false },
} as const satisfies Partial<Omit<DateInputProps, "weekendDays">> & { weekendDays: [] };
