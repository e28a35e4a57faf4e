import { FileInput } from "@mantine/core";
import { IconFileUpload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { problemOf } from "@/api/client";
import { previewImport } from "@/api/imports";

/** A CSV file that somebody chooses, and what is in it. */
export function useCsvFile() {
  const [file, setFile] = useState<File | null>(null);
  const preview = useQuery({
    queryKey: ["import preview", file?.name, file?.size, file?.lastModified],
    queryFn: () => (file ? previewImport(file) : Promise.reject(new Error("no file"))),
    enabled: file !== null,
    gcTime: 0,
  });
  /** The API cannot read it; the field says why. */
  const isWrong = preview.isError && problemOf(preview.error).status === 422;
  return { file, setFile, preview, isWrong };
}

interface Props {
  csv: ReturnType<typeof useCsvFile>;
  description: string;
}

/** Where the file is chosen. */
export function CsvInput({ csv: { file, setFile, preview, isWrong }, description }: Props) {
  return (
    <FileInput
      label="CSV file"
      description={description}
      placeholder="Choose a file"
      accept=".csv,text/csv"
      leftSection={<IconFileUpload size={16} />}
      clearable
      clearButtonProps={{ "aria-label": "Choose no file" }}
      value={file}
      onChange={setFile}
      error={isWrong ? (problemOf(preview.error).errors?.[0]?.message ?? true) : undefined}
    />
  );
}
