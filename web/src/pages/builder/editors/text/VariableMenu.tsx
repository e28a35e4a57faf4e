import {
  ActionIcon,
  Combobox,
  ScrollArea,
  Text,
  TextInput,
  Tooltip,
  useCombobox,
} from "@mantine/core";
import { IconBraces } from "@tabler/icons-react";
import { useState } from "react";
import type { Schemas } from "@/api/client";
import { useVocabulary } from "@/conditions/useVocabulary";

export type Variable = Schemas["Variable"];

interface Props {
  /** Gets it as it stands in a text: `{{ first_name | default: "there" }}`. */
  onInsert: (text: string, variable: Variable) => void;
}

/** A menu of what differs from contact to contact, with a word in its place where it is not known. */
export function VariableMenu({ onInsert }: Props) {
  const vocabulary = useVocabulary();
  const [search, setSearch] = useState("");
  const [fallback, setFallback] = useState("");
  const menu = useCombobox({
    onDropdownOpen: () => menu.focusSearchInput(),
    onDropdownClose: () => {
      menu.resetSelectedOption();
      setSearch("");
      setFallback("");
    },
  });
  const wanted = search.trim().toLowerCase();
  const found = (vocabulary?.variables ?? []).filter(({ label, name, group }) =>
    [label, name, group].some((each) => each.toLowerCase().includes(wanted)),
  );
  const groups = [...new Set(found.map(({ group }) => group))];
  return (
    <Combobox
      store={menu}
      width={300}
      position="bottom-end"
      keepMounted={false}
      onOptionSubmit={(name) => {
        const variable = found.find((each) => each.name === name);
        menu.closeDropdown();
        if (variable) onInsert(written(name, fallback), variable);
      }}
    >
      <Combobox.Target withAriaAttributes={false}>
        <Tooltip label="Insert a variable" position="left">
          <ActionIcon
            variant="subtle"
            color="gray.7"
            aria-label="Insert a variable"
            aria-haspopup="listbox"
            aria-expanded={menu.dropdownOpened}
            onClick={() => menu.toggleDropdown()}
          >
            <IconBraces size={16} />
          </ActionIcon>
        </Tooltip>
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Search
          aria-label="Find a variable"
          placeholder="Find a variable"
          value={search}
          onChange={(event) => {
            setSearch(event.currentTarget.value);
            menu.updateSelectedOptionIndex();
          }}
        />
        <Combobox.Options aria-label="Variables">
          <ScrollArea.Autosize mah={240} type="auto">
            {groups.map((group) => (
              <Combobox.Group key={group} label={group}>
                {found
                  .filter((variable) => variable.group === group)
                  .map(({ name, label }) => (
                    <Combobox.Option key={name} value={name}>
                      {label}
                    </Combobox.Option>
                  ))}
              </Combobox.Group>
            ))}
            {found.length === 0 && <Combobox.Empty>No such variable</Combobox.Empty>}
          </ScrollArea.Autosize>
        </Combobox.Options>
        <Combobox.Footer>
          <TextInput
            size="xs"
            label="If it is not known, say"
            placeholder="there"
            value={fallback}
            onChange={(event) => setFallback(event.currentTarget.value)}
            data-mantine-stop-propagation
          />
          <Text size="xs" c="dimmed" mt={4}>
            Without such a word, whoever has no value is left out of this step.
          </Text>
        </Combobox.Footer>
      </Combobox.Dropdown>
    </Combobox>
  );
}

function written(name: string, fallback: string): string {
  const word = fallback.trim().replaceAll('"', "'");
  return word ? `{{ ${name} | default: "${word}" }}` : `{{ ${name} }}`;
}
