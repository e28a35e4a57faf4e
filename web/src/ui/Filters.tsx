import type { ReactNode } from "react";
import styles from "./filters.module.css";

/** What a list is narrowed by; on a phone what is searched for has a line of its own. */
export function Filters({ children }: { children: ReactNode }) {
  return <div className={styles.filters}>{children}</div>;
}
