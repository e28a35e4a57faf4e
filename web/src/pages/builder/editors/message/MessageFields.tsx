import type { ReactNode } from "react";
import type { FieldsProps } from "../StepFields";
import { EmailFields } from "./EmailFields";
import { MessageDesk } from "./MessageDesk";
import { TextFields } from "./TextFields";

/** All fields of an e-mail or a text: a piece by itself, as its editor weighs more than everything else here. */
export function MessageFields(props: FieldsProps & { before: ReactNode; after: ReactNode }) {
  const isEmail = props.form.values.step_type === "send_email";
  return <MessageDesk {...props} fields={isEmail ? EmailFields : TextFields} />;
}
