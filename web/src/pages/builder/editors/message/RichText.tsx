import "@mantine/tiptap/styles.css";
import { RichTextEditor } from "@mantine/tiptap";
import { useEditor } from "@tiptap/react";
import { type Variable, VariableMenu } from "../text/VariableMenu";
import { EXTENSIONS, toEmail } from "./html";

interface Props {
  label: string;
  /** What it begins with. */
  html: string;
  onChange: (html: string) => void;
}

/** Writes the HTML of an e-mail without showing any. */
export function RichText({ label, html, onChange }: Props) {
  const editor = useEditor({
    extensions: EXTENSIONS,
    content: html,
    shouldRerenderOnTransaction: true,
    editorProps: { attributes: { "aria-label": label, role: "textbox", "aria-multiline": "true" } },
    onUpdate: ({ editor: changed }) => onChange(toEmail(changed.getHTML())),
  });
  const insert = (text: string, { group, label: said }: Variable) => {
    const chain = editor.chain().focus();
    if (group !== "Links") chain.insertContent({ type: "text", text }).run();
    else if (editor.state.selection.empty)
      chain
        .insertContent({
          type: "text",
          text: said,
          marks: [{ type: "link", attrs: { href: text } }],
        })
        .run();
    else chain.setLink({ href: text }).run();
  };
  return (
    <RichTextEditor editor={editor} styles={{ content: { minHeight: 240 } }}>
      <RichTextEditor.Toolbar>
        <RichTextEditor.ControlsGroup>
          <RichTextEditor.Bold />
          <RichTextEditor.Italic />
          <RichTextEditor.Underline />
          <RichTextEditor.ClearFormatting />
        </RichTextEditor.ControlsGroup>
        <RichTextEditor.ControlsGroup>
          <RichTextEditor.H2 />
          <RichTextEditor.H3 />
          <RichTextEditor.BulletList />
          <RichTextEditor.OrderedList />
          <RichTextEditor.Blockquote />
          <RichTextEditor.Hr />
        </RichTextEditor.ControlsGroup>
        <RichTextEditor.ControlsGroup>
          <RichTextEditor.Link />
          <RichTextEditor.Unlink />
        </RichTextEditor.ControlsGroup>
        <RichTextEditor.ControlsGroup>
          <RichTextEditor.Undo />
          <RichTextEditor.Redo />
        </RichTextEditor.ControlsGroup>
        <VariableMenu onInsert={insert} />
      </RichTextEditor.Toolbar>
      <RichTextEditor.Content />
    </RichTextEditor>
  );
}
