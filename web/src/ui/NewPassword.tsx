import { PasswordInput, type PasswordInputProps } from "@mantine/core";

/** The fewest characters of a password, as the API takes it (NIST SP 800-63B: length is what counts). */
const SHORTEST = 12;

/** A password that is being chosen. */
export function NewPassword(props: PasswordInputProps) {
  return (
    <PasswordInput
      description={`At least ${SHORTEST} characters. A few words that you can remember do well.`}
      autoComplete="new-password"
      minLength={SHORTEST}
      maxLength={200}
      {...props}
    />
  );
}
