import { IconBolt } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { memo } from "react";
import styles from "./builder.module.css";

/** What starts the campaign for a contact; leads to where that is settled. */
export const StartCard = memo(function StartCard(props: {
  campaignId: string;
  lines: readonly string[];
}) {
  return (
    <Link
      to="/campaigns/$campaignId/settings"
      params={{ campaignId: props.campaignId }}
      className={`${styles.start} nodrag`}
      draggable={false}
      title="Change it in the settings"
    >
      <span className={styles.startTitle}>
        <IconBolt size={16} aria-hidden /> Starts
      </span>
      {props.lines.map((line) => (
        <span key={line} className={styles.startLine}>
          {line}
        </span>
      ))}
    </Link>
  );
});
