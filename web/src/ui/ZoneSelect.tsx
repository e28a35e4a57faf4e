import { Select } from "@mantine/core";
import type { ReactNode } from "react";
import { cityOf, US_ZONES } from "@/format/zones";

interface Props {
  label: string;
  description?: string;
  placeholder?: string;
  value: string | null;
  onChange: (timeZone: string | null) => void;
  error?: ReactNode;
  /** Whether there must be one. */
  required?: boolean;
}

/** A time zone: those of the US first, then all others. */
export function ZoneSelect({ required = false, ...props }: Props) {
  const inUs = new Set(US_ZONES.map(({ value }) => value));
  const others = [...new Set([...Intl.supportedValuesOf("timeZone"), props.value ?? ""])]
    .filter((zone) => zone && !inUs.has(zone))
    .map((zone) => ({ value: zone, label: `${cityOf(zone)} (${zone})` }));
  return (
    <Select
      {...props}
      searchable
      clearable={!required}
      allowDeselect={!required}
      withAsterisk={required}
      nothingFoundMessage="No such zone"
      limit={50}
      data={[
        { group: "United States", items: US_ZONES },
        { group: "Others", items: others },
      ]}
    />
  );
}
