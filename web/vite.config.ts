import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const api = process.env.API_URL ?? "http://localhost:8000";

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { "@": new URL("./src", import.meta.url).pathname } },
  // `npm run dev` beside a running stack; its origin check wants our host, so that it is passed on as it is.
  server: { proxy: { "/api": { target: api, changeOrigin: false } } },
  build: {
    chunkSizeWarningLimit: 700,
    // A browser asks for six files at a time, and most pages would come in fifty: what several of them share is one
    // file, and what nearly all share another, so that the first page does not wait for the rest.
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: "common", minShareCount: 12, priority: 1 },
            { name: "shared", minShareCount: 4 },
          ],
        },
      },
    },
  },
  // Tests that need a document say so in their first line; most are of plain logic.
  test: { environment: "node", include: ["src/**/*.test.{ts,tsx}"] },
});
