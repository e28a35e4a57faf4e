import {
  type CSSVariablesResolver,
  createTheme,
  Drawer,
  Fieldset,
  type MantineColorsTuple,
  Menu,
  Modal,
  Notification,
} from "@mantine/core";

const slate: MantineColorsTuple = [
  "#eef5fa",
  "#dce8f1",
  "#b5cfe2",
  "#8ab5d4",
  "#679fc7",
  "#5091c0",
  "#4289bc",
  "#3376a6",
  "#286994",
  "#155a83",
];

const CLOSE = { "aria-label": "Close" };

export const theme = createTheme({
  primaryColor: "slate",
  primaryShade: 8,
  colors: { slate },
  fontFamily: "Inter, system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif",
  headings: { fontWeight: "650" },
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    // It is in the way of those who hear the page: a menu may hold nothing but its items.
    Menu: Menu.extend({ defaultProps: { withInitialFocusPlaceholder: false } }),
    Modal: Modal.extend({ defaultProps: { closeButtonProps: CLOSE } }),
    Notification: Notification.extend({ defaultProps: { closeButtonProps: CLOSE } }),
    Fieldset: Fieldset.extend({ styles: { legend: { fontWeight: 650 } } }),
    Drawer: Drawer.extend({ defaultProps: { closeButtonProps: CLOSE } }),
  },
});

/** Mantine's dimmed grey, its placeholders and its words on a light ground are too pale to read (WCAG 2.2, 1.4.3). */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-dimmed": "var(--mantine-color-gray-7)",
    "--mantine-color-placeholder": "var(--mantine-color-gray-7)",
    "--mantine-color-error": "var(--mantine-color-red-9)",
    "--mantine-color-gray-light-color": "var(--mantine-color-gray-8)",
    "--mantine-color-green-light-color": "#1c6a2f",
    "--mantine-color-teal-light-color": "#07694d",
    "--mantine-color-orange-light-color": "#9a3a08",
  },
  dark: {},
});
