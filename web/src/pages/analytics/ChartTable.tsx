import { VisuallyHidden } from "@mantine/core";

interface Props {
  caption: string;
  columns: readonly string[];
  /** What each row is called, and its cells. */
  rows: readonly (readonly [string, readonly string[]])[];
}

/** The numbers of a chart for those who cannot see it. */
export function ChartTable({ caption, columns, rows }: Props) {
  return (
    <VisuallyHidden component="div">
      <table>
        <caption>{caption}</caption>
        <thead>
          <tr>
            <th scope="col">When</th>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, cells]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {cells.map((cell, at) => (
                <td key={columns[at]}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </VisuallyHidden>
  );
}
