import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { api } from "@/api/client";
import { nameOf } from "@/format/format";

interface Props {
  label: string;
  description?: string;
  value: string | null;
  onChange: (contactId: string | null) => void;
  error?: string;
}

/** A contact, found by name, e-mail or phone. */
export function ContactPicker(props: Props) {
  const [search, setSearch] = useState("");
  const [asked] = useDebouncedValue(search, 200);
  const { data, isFetching } = api.useQuery(
    "get",
    "/api/contacts",
    { params: { query: { limit: 20, ...(asked ? { search: asked } : {}) } } },
    { placeholderData: (before) => before },
  );
  const found = data?.contacts ?? [];
  const isFound = found.some(({ id }) => id === props.value);
  const chosen = api.useQuery(
    "get",
    "/api/contacts/{contact_id}",
    { params: { path: { contact_id: props.value ?? "" } } },
    { enabled: props.value !== null && data !== undefined && !isFound, staleTime: 60_000 },
  ).data?.contact;
  const offered = isFound || !chosen || chosen.id !== props.value ? found : [...found, chosen];
  return (
    <Select
      {...props}
      searchable
      clearable
      allowDeselect={false}
      placeholder="Name, e-mail or phone"
      nothingFoundMessage={isFetching ? "Looking…" : "Nobody found"}
      searchValue={search}
      onSearchChange={setSearch}
      filter={({ options }) => options}
      data={offered.map((contact) => ({
        value: contact.id,
        label: [nameOf(contact), contact.email ?? contact.phone].filter(Boolean).join(" · "),
      }))}
    />
  );
}
