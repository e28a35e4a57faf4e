import { Button, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useState } from "react";
import { api, type Problem, problemOf } from "@/api/client";
import { counted } from "@/format/format";
import { Failure } from "@/ui/Failure";
import { AnchorLink } from "@/ui/links";
import { Doorway } from "./Doorway";

/** Asks for a link to choose a new password by. What is said does not tell whether anybody has the address. */
export function ForgotPassword() {
  const form = useForm({ initialValues: { email: "" } });
  const [problem, setProblem] = useState<Problem>();
  const ask = api.useMutation("post", "/api/auth/password-resets", {
    onError: (error) => setProblem(problemOf(error)),
  });
  if (ask.data) {
    const { email, valid_hours } = ask.data.mail;
    return (
      <Doorway title="Look into your inbox">
        <Text role="status" style={{ overflowWrap: "anywhere" }}>
          If <b>{email}</b> has an account, a link is on its way. It is valid for{" "}
          {counted(valid_hours, "hour")}.
        </Text>
        <Text size="sm" c="dimmed">
          Nothing there after a few minutes? Look among the spam, or ask an admin of your company to
          send you an invitation.
        </Text>
        <BackToSignIn />
      </Doorway>
    );
  }
  return (
    <Doorway title="Choose a new password">
      <form onSubmit={form.onSubmit((body) => ask.mutate({ body }))}>
        <Stack>
          <Text size="sm" c="dimmed">
            We send you a link by e-mail.
          </Text>
          {problem && <Failure problem={problem} />}
          <TextInput
            label="E-mail"
            type="email"
            autoComplete="username"
            required
            {...form.getInputProps("email")}
          />
          <Button type="submit" loading={ask.isPending}>
            Send the link
          </Button>
          <BackToSignIn />
        </Stack>
      </form>
    </Doorway>
  );
}

function BackToSignIn() {
  return (
    <AnchorLink to="/sign-in" size="sm">
      Back to the sign-in
    </AnchorLink>
  );
}
