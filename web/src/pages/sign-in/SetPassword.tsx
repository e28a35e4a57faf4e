import { Alert, Button, Stack } from "@mantine/core";
import { useForm } from "@mantine/form";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { api, type Problem, problemOf } from "@/api/client";
import { noteSession } from "@/session/session";
import { Failure } from "@/ui/Failure";
import { messageAt } from "@/ui/forms";
import { ButtonLink } from "@/ui/links";
import { NewPassword } from "@/ui/NewPassword";
import { Doorway } from "./Doorway";

const route = getRouteApi("/set-password");

/** Where the links of invitations and of forgotten passwords lead to. */
export function SetPassword() {
  const { token } = route.useSearch();
  const navigate = useNavigate();
  const form = useForm({ initialValues: { password: "" } });
  const [problem, setProblem] = useState<Problem>();
  const choose = api.useMutation("put", "/api/auth/password", {
    onSuccess: (me) => {
      noteSession(me);
      // The link is spent: nobody is to come back to it.
      navigate({ to: "/campaigns", replace: true });
    },
    onError: (error) => setProblem(problemOf(error)),
  });
  if (!token || messageAt(problem, "token")) return <VoidLink />;
  const wrong = messageAt(problem, "password");
  return (
    <Doorway title="Choose your password">
      <form
        onSubmit={form.onSubmit(({ password }) => choose.mutate({ body: { token, password } }))}
      >
        <Stack>
          {problem && !wrong && <Failure problem={problem} />}
          <NewPassword
            label="New password"
            required
            {...form.getInputProps("password")}
            error={wrong}
          />
          <Button type="submit" loading={choose.isPending}>
            Save, and sign in
          </Button>
        </Stack>
      </form>
    </Doorway>
  );
}

function VoidLink() {
  return (
    <Doorway title="This link is not valid any more">
      <Alert color="orange" variant="light" role="alert">
        It was used already, its time is over, or a part of it is missing.
      </Alert>
      <ButtonLink to="/forgot-password">Send me another link</ButtonLink>
    </Doorway>
  );
}
