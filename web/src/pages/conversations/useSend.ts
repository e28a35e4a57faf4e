import { useRef, useState } from "react";
import { api, type Problem, problemOf, type Schemas } from "@/api/client";
import { newKey } from "@/api/once";

type Body = Schemas["MessageCreate"];

/** Write to a contact. The same words sent again after no answer came do not go out twice. */
export function useSend(contactId: string) {
  const attempt = useRef<{ words: string; key: string } | null>(null);
  const [refused, setRefused] = useState<Problem | null>(null);
  const write = api.useMutation("post", "/api/contacts/{contact_id}/messages");

  function send(body: Body, onSent: () => void) {
    const words = JSON.stringify(body);
    if (attempt.current?.words !== words) attempt.current = { words, key: newKey() };
    setRefused(null);
    write.mutate(
      {
        params: {
          path: { contact_id: contactId },
          header: { "Idempotency-Key": attempt.current.key },
        },
        body,
      },
      {
        onSuccess: () => {
          attempt.current = null;
          onSent();
        },
        onError: (error) => {
          const problem = problemOf(error);
          if (problem.status !== 0) attempt.current = null;
          setRefused(problem);
        },
      },
    );
  }

  return { send, refused, forget: () => setRefused(null), isPending: write.isPending };
}
