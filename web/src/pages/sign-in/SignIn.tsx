import { Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { getRouteApi, useRouter } from "@tanstack/react-router";
import { useState } from "react";
import { api, type Problem, problemOf } from "@/api/client";
import { noteSession } from "@/session/session";
import { Failure } from "@/ui/Failure";
import { AnchorLink } from "@/ui/links";
import { Doorway } from "./Doorway";

const route = getRouteApi("/sign-in");

export function SignIn() {
  const { next } = route.useSearch();
  const router = useRouter();
  const form = useForm({ initialValues: { email: "", password: "" } });
  const [problem, setProblem] = useState<Problem>();
  const signIn = api.useMutation("post", "/api/auth/session", {
    onSuccess: (me) => {
      noteSession(me);
      router.history.push(isOurs(next) ? next : "/campaigns");
    },
    onError: (error) => setProblem(problemOf(error)),
  });
  return (
    <Doorway title="Sign in">
      <form onSubmit={form.onSubmit((body) => signIn.mutate({ body }))}>
        <Stack>
          {problem && <Failure problem={problem} />}
          <TextInput
            label="E-mail"
            type="email"
            autoComplete="username"
            required
            data-autofocus
            {...form.getInputProps("email")}
          />
          <PasswordInput
            label="Password"
            autoComplete="current-password"
            required
            {...form.getInputProps("password")}
          />
          <Button type="submit" loading={signIn.isPending}>
            Sign in
          </Button>
          <AnchorLink to="/forgot-password" size="sm">
            Forgot your password?
          </AnchorLink>
        </Stack>
      </form>
    </Doorway>
  );
}

/** A link from elsewhere must not lead through our sign-in to another site. */
function isOurs(next: string | undefined): next is string {
  return next !== undefined && /^\/(?![/\\])/.test(next);
}
