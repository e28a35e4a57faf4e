/** Contacts from CSV files. */

import { client, type Schemas } from "./client";

export type ImportPreview = Schemas["ImportPreview"];
export type Imported = Omit<Schemas["ImportForm"], "file">;

/** What importing the file would do; nothing is saved. */
export async function previewImport(file: File): Promise<ImportPreview> {
  const { data, error } = await client.POST("/api/contacts/import/preview", {
    body: { file: file.name },
    bodySerializer: () => formOf({ file }),
  });
  if (!data) throw error;
  return data.preview;
}

/** Import the file; the answer is a job. */
export async function importContacts(file: File, how: Imported = {}): Promise<Schemas["Job"]> {
  const { data, error } = await client.POST("/api/contacts/import", {
    body: { file: file.name, ...how },
    bodySerializer: () => formOf({ file, ...how }),
  });
  if (!data) throw error;
  return data.job;
}

function formOf(fields: Record<string, File | string | boolean | null | undefined>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields))
    if (value !== null && value !== undefined)
      form.append(name, value instanceof File ? value : String(value));
  return form;
}
