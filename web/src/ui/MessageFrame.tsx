import { useMemo } from "react";

interface Props {
  html: string;
  /** What it is, for those who hear the page. */
  title: string;
  height?: number;
}

/**
 * An e-mail as it looks, shut in: no script runs, no link leads anywhere, and looking at it counts as no open.
 */
export function MessageFrame({ html, title, height = 320 }: Props) {
  const document = useMemo(() => harmless(html), [html]);
  return (
    <iframe
      title={title}
      sandbox=""
      referrerPolicy="no-referrer"
      srcDoc={document}
      style={{
        display: "block",
        width: "100%",
        height,
        resize: "vertical",
        background: "white",
        border: "1px solid var(--mantine-color-default-border)",
        borderRadius: "var(--mantine-radius-sm)",
      }}
    />
  );
}

/** Without the picture that tells of opens, and with links that lead nowhere, so that none counts as clicked. */
export function harmless(html: string): string {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  for (const image of parsed.querySelectorAll('img[src*="/t/o/"]')) image.remove();
  for (const way of parsed.querySelectorAll("base, meta[http-equiv]")) way.remove();
  for (const link of parsed.querySelectorAll("a, area")) link.removeAttribute("href");
  const style = parsed.createElement("style");
  style.textContent = STYLE;
  parsed.head.prepend(style);
  return `<!doctype html>${parsed.documentElement.outerHTML}`;
}

const STYLE = `
  body { font: 15px/1.5 system-ui, sans-serif; margin: 16px; overflow-wrap: anywhere }
  a { color: #155a83; text-decoration: underline }
  img { max-width: 100% }
`;
