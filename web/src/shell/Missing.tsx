import { Empty } from "@/ui/Empty";
import { ButtonLink } from "@/ui/links";

export function Missing() {
  return (
    <main>
      <Empty
        isPage
        title="There is no such page"
        says="The link may be old, or what it led to was deleted."
      >
        <ButtonLink to="/campaigns">Go to the campaigns</ButtonLink>
      </Empty>
    </main>
  );
}
