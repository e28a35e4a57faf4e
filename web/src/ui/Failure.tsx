import { Alert, Button, List } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { Problem } from "@/api/client";

/** A refusal in words, with each field that is wrong; with `onRetry` it can be asked again. */
export function Failure({ problem, onRetry }: { problem: Problem; onRetry?: () => void }) {
  const details = [
    ...(problem.errors ?? []).map((error) => `${error.field}: ${error.message}`),
    ...(problem.problems ?? []).map((each) => each.detail),
  ];
  return (
    <Alert
      color="red"
      variant="light"
      icon={<IconAlertTriangle />}
      title={problem.detail}
      role="alert"
    >
      {details.length > 0 && (
        <List size="sm">
          {details.map((detail) => (
            <List.Item key={detail}>{detail}</List.Item>
          ))}
        </List>
      )}
      {onRetry && (
        <Button variant="light" color="red" size="xs" mt="sm" onClick={onRetry}>
          Try again
        </Button>
      )}
    </Alert>
  );
}
