const CHARACTERS = 52;
const LINE = 23;
const GAP = 16;
const LEAST = 120;
const MOST = 640;

/** About how high an e-mail is, in pixels: nobody can look into the frame that shuts it in. */
export function frameHeight(html: string): number {
  const words = html
    .replace(/<(style|head|title)[\s\S]*?<\/\1>/gi, "")
    .replace(/<(\w+)[^>]*display:\s*none[^>]*>[\s\S]*?<\/\1>/gi, "");
  const blocks = words.split(/<\/(?:p|h[1-6]|ul|ol|div|tr|blockquote)>/i);
  const height = blocks.reduce((sum, block) => {
    const lines = block.split(/<br\s*\/?>|<\/li>/i).map((line) => lengthOf(line));
    const taken = lines.filter((length) => length > 0);
    return sum + taken.reduce((all, length) => all + Math.ceil(length / CHARACTERS) * LINE, GAP);
  }, 2 * GAP);
  return Math.min(MOST, Math.max(LEAST, height));
}

function lengthOf(line: string): number {
  return line
    .replace(/<[^>]*>/g, "")
    .replace(/\s+/g, " ")
    .trim().length;
}
