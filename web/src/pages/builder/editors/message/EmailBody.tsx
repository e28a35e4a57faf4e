import { Group, Input, SegmentedControl, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { toText } from "@/format/html";
import { confirm } from "@/ui/confirm";
import { TemplateArea } from "../text/TemplateInput";
import { fromText, survives } from "./html";
import { RichText } from "./RichText";

export interface Body {
  html: string;
  text: string;
}

type Way = "write" | "text" | "html";

interface Props {
  body: Body;
  onChange: (body: Partial<Body>) => void;
  /** Whether it may be plain text alone. */
  mayBeText: boolean;
  errorAt: (name: "html" | "text") => string | undefined;
}

/** The content of an e-mail: written, as plain text, or as HTML. What the editor would change opens as HTML. */
export function EmailBody({ body, onChange, mayBeText, errorAt }: Props) {
  const { html, text } = body;
  const [way, setWay] = useState<Way>(() =>
    html ? (survives(html) ? "write" : "html") : text && mayBeText ? "text" : "write",
  );
  const [before, setBefore] = useState<Body>(body);

  const turn = async (next: Way) => {
    if (next === "text") {
      setBefore(body);
      onChange({ html: "", text: text || toText(html) });
    } else if (way === "text") {
      const isUntouched = text === (before.text || toText(before.html));
      const made = isUntouched && before.html ? before.html : fromText(text);
      if (next === "write" && !(await mayWrite(made))) return;
      onChange({ html: made, text: isUntouched ? before.text : "" });
    } else if (next === "write" && !(await mayWrite(html))) return;
    setWay(next);
  };
  return (
    <Input.Wrapper
      label="Content"
      labelElement="div"
      withAsterisk
      error={way === "write" ? errorAt("html") : undefined}
    >
      <Stack gap="xs" mt={4}>
        <Group justify="space-between">
          <SegmentedControl
            size="xs"
            aria-label="How the content is written"
            value={way}
            onChange={(next) => turn(next as Way)}
            data={[
              { value: "write", label: "Write" },
              ...(mayBeText ? [{ value: "text", label: "Plain text" }] : []),
              { value: "html", label: "HTML" },
            ]}
          />
        </Group>
        {way === "write" && (
          <RichText
            label="Content"
            html={html}
            onChange={(changed) => onChange({ html: changed })}
          />
        )}
        {way === "html" && (
          <>
            <TemplateArea
              code
              label="HTML"
              minRows={12}
              value={html}
              onChange={(changed) => onChange({ html: changed })}
              error={errorAt("html")}
            />
            {html && !survives(html) && (
              <Text size="sm" c="dimmed">
                “Write” cannot show all of this HTML, so it is left as it is.
              </Text>
            )}
          </>
        )}
        {way === "text" && (
          <TemplateArea
            label="Plain text"
            minRows={10}
            value={text}
            onChange={(changed) => onChange({ text: changed })}
            error={errorAt("text")}
          />
        )}
        {way !== "text" && text && (
          <TemplateArea
            label="Plain-text version"
            description="For those whose mail shows no HTML. Empty it, and it is made of the content."
            value={text}
            onChange={(changed) => onChange({ text: changed })}
            error={errorAt("text")}
          />
        )}
      </Stack>
    </Input.Wrapper>
  );
}

async function mayWrite(html: string): Promise<boolean> {
  if (survives(html)) return true;
  return confirm({
    title: "Write without HTML?",
    says: "“Write” cannot show all of this HTML. Styles, pictures, tables and the like are lost.",
    yes: "Go on",
    danger: true,
  });
}
