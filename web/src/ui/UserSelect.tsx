import { Select } from "@mantine/core";
import { api } from "@/api/client";

interface Props {
  label: string;
  description?: string;
  placeholder?: string;
  value: string | null;
  onChange: (userId: string | null) => void;
  error?: string | undefined;
}

/** A user of the company, found by name. */
export function UserSelect(props: Props) {
  return <Select {...props} searchable clearable data={useUserChoices()} />;
}

/** The company's users for a select. */
export function useUserChoices(): { value: string; label: string }[] {
  const { data } = api.useQuery("get", "/api/users", { params: { query: { limit: 200 } } });
  return (data?.users ?? []).map(({ id, name }) => ({ value: id, label: name }));
}

/** Gives the name of a user by the id, where it is known. */
export function useNameOfUser(): (userId: string | null) => string | undefined {
  const choices = useUserChoices();
  return (userId) => choices.find(({ value }) => value === userId)?.label;
}
