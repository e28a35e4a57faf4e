import { Alert, Button, Group, MultiSelect, Stack, Textarea } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { api, type Problem, problemOf } from "@/api/client";
import type { Campaign } from "@/api/types";
import { nameOf } from "@/format/format";
import { Failure } from "@/ui/Failure";
import { Forecast } from "./Forecast";
import { findByAddress } from "./findByAddress";

type People = ReadonlyMap<string, string>;

/** Contacts that are picked one by one, or whose addresses are pasted. */
export function EnrollSeveral({ campaign }: { campaign: Campaign }) {
  const [people, setPeople] = useState<People>(new Map());
  const ids = [...people.keys()];
  return (
    <Stack>
      <Picker people={people} onChange={setPeople} />
      <Paste onFound={(found) => setPeople(new Map([...people, ...found]))} />
      {ids.length > 0 && (
        <Forecast key={ids.join()} campaign={campaign} whom={{ contact_ids: ids }} />
      )}
    </Stack>
  );
}

interface PickerProps {
  people: People;
  onChange: (people: People) => void;
}

function Picker({ people, onChange }: PickerProps) {
  const [search, setSearch] = useState("");
  const [asked] = useDebouncedValue(search, 200);
  const { data, isFetching } = api.useQuery(
    "get",
    "/api/contacts",
    { params: { query: { limit: 20, ...(asked && { search: asked }) } } },
    { placeholderData: (before) => before },
  );
  const found = (data?.contacts ?? []).map((contact) => [contact.id, nameOf(contact)] as const);
  const labels = new Map([...people, ...found]);
  return (
    <MultiSelect
      label="Contacts"
      placeholder="Name, e-mail or phone"
      searchable
      clearable
      hidePickedOptions
      maxDropdownHeight={240}
      nothingFoundMessage={isFetching ? "Looking…" : "Nobody found"}
      searchValue={search}
      onSearchChange={setSearch}
      filter={({ options }) =>
        options.filter((option) => "value" in option && found.some(([id]) => id === option.value))
      }
      data={[...labels].map(([value, label]) => ({ value, label }))}
      value={[...people.keys()]}
      onChange={(ids) => onChange(new Map(ids.map((id) => [id, labels.get(id) ?? "Contact"])))}
      styles={{ pillsList: { maxHeight: 160, overflowY: "auto" } }}
    />
  );
}

function Paste({ onFound }: { onFound: (found: People) => void }) {
  const [text, setText] = useState("");
  const [missing, setMissing] = useState<string[]>([]);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isLooking, setIsLooking] = useState(false);

  async function look() {
    setIsLooking(true);
    setProblem(null);
    try {
      const { contacts, missing } = await findByAddress(text);
      onFound(new Map(contacts.map((contact) => [contact.id, nameOf(contact)])));
      setMissing(missing);
      setText("");
    } catch (error) {
      setProblem(problemOf(error));
    } finally {
      setIsLooking(false);
    }
  }

  return (
    <Stack gap="xs">
      <Textarea
        label="Or paste e-mail addresses and phone numbers"
        description="One a line, or with commas between them"
        autosize
        minRows={2}
        maxRows={8}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Group justify="flex-end">
        <Button
          variant="default"
          size="xs"
          disabled={!text.trim()}
          loading={isLooking}
          onClick={look}
        >
          Find them
        </Button>
      </Group>
      {problem && <Failure problem={problem} />}
      {missing.length > 0 && (
        <Alert
          color="orange"
          variant="light"
          title="No contact has these"
          withCloseButton
          closeButtonLabel="Close"
          onClose={() => setMissing([])}
        >
          {missing.slice(0, 20).join(", ")}
          {missing.length > 20 && ` and ${missing.length - 20} more`}
        </Alert>
      )}
    </Stack>
  );
}
