import { Tabs } from "@mantine/core";
import { type ReactNode, Suspense, useEffect, useRef } from "react";

interface Props<To extends string> {
  tabs: readonly { to: To; label: string }[];
  here: To | undefined;
  onMove: (to: To) => void;
  /** The page that is open. */
  children: ReactNode;
}

/** Pages that belong together, as tabs. */
export function PageTabs<To extends string>({ tabs, here, onMove, children }: Props<To>) {
  const list = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the tab that is open comes into sight when another is opened
  useEffect(() => {
    const tab = list.current?.querySelector('[aria-selected="true"]');
    tab?.scrollIntoView({ inline: "center", block: "nearest" });
  }, [here]);
  return (
    <Tabs
      value={here ?? NONE}
      onChange={(value) => {
        const tab = tabs.find(({ to }) => to === value);
        if (tab) onMove(tab.to);
      }}
      mt="md"
    >
      <Tabs.List ref={list} style={ONE_LINE}>
        {tabs.map(({ to, label }) => (
          <Tabs.Tab key={to} value={to} style={{ flexShrink: 0 }}>
            {label}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value={here ?? NONE} pt="md">
        <Suspense>{children}</Suspense>
      </Tabs.Panel>
    </Tabs>
  );
}

/** Where no tab is open, as while the page is being left: a panel must have a value. */
const NONE = "none";

/** On a phone the tabs are one line that scrolls, rather than several. */
const ONE_LINE = {
  flexWrap: "nowrap",
  overflowX: "auto",
  scrollbarWidth: "none",
  // The list's own line would scroll away with the tabs.
  boxShadow: "inset 0 -2px 0 var(--tab-border-color)",
} as const;
