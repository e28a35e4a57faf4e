/** Who is signed in, and what they may do. */

import { api, client, queries } from "@/api/client";
import type { Me, Role } from "@/api/types";

const SESSION = api.queryOptions("get", "/api/auth/session");

/** The session as it is known, asked for if it is not; null if nobody is signed in. */
export async function findSession(): Promise<Me | null> {
  try {
    return await queries.ensureQueryData({
      ...SESSION,
      staleTime: 60_000,
      revalidateIfStale: true,
    });
  } catch (error) {
    if ((error as { status?: number }).status === 401) return null;
    throw error;
  }
}

/** Who is signed in. For pages inside the shell, which has asked before. */
export function useSession(): Me {
  const { data } = api.useSuspenseQuery("get", "/api/auth/session");
  return data;
}

/** Take note of a session that was just opened. */
export function noteSession(me: Me): void {
  queries.clear();
  queries.setQueryData(SESSION.queryKey, me);
}

/** Sign out; `leave` leads away from the pages of the session, which would ask for it anew and be refused. */
export async function signOut(leave: () => Promise<void>): Promise<void> {
  await client.DELETE("/api/auth/session");
  await leave();
  queries.clear();
}

/** What the roles may do beyond reading, as `api/access.py` enforces it. */
const ALLOWED = {
  build: ["admin"],
  configure: ["admin"],
  steer: ["admin", "manager"],
  actOnMany: ["admin", "manager"],
} as const satisfies Record<string, readonly Role[]>;

export type Permission = keyof typeof ALLOWED;

/** Whether the one who is signed in may do that. What they may not do they are not shown. */
export function useMay(permission: Permission): boolean {
  const { role } = useSession();
  return (ALLOWED[permission] as readonly Role[]).includes(role);
}
