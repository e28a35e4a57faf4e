/** The words of the HTML, a blank line between paragraphs, links as addresses. */
export function toText(html: string): string {
  const body = new DOMParser().parseFromString(html, "text/html").body;
  for (const each of body.querySelectorAll("style, script, title")) each.remove();
  for (const link of body.querySelectorAll("a[href]")) {
    const href = link.getAttribute("href") ?? "";
    if (!link.textContent?.includes(href)) link.append(` ${href}`);
  }
  for (const line of body.querySelectorAll("br")) line.replaceWith("\n");
  for (const item of body.querySelectorAll("li")) {
    item.prepend("- ");
    item.append("\n");
  }
  for (const block of body.querySelectorAll(
    "p, h1, h2, h3, h4, h5, h6, ul, ol, div, tr, blockquote",
  ))
    block.append("\n\n");
  return (body.textContent ?? "")
    .replace(/[^\S\n]+/g, " ")
    .replace(/ ?\n ?/g, "\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}
