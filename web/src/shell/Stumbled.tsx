import { Container } from "@mantine/core";
import { problemOf } from "@/api/client";
import { Failure } from "@/ui/Failure";

/** What is shown in place of a page that could not be made. */
export function Stumbled({ error, reset }: { error: unknown; reset: () => void }) {
  return (
    <Container size="sm" py="xl">
      <Failure problem={problemOf(error)} onRetry={reset} />
    </Container>
  );
}
