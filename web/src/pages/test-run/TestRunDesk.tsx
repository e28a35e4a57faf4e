import { Accordion, Button, Center, Grid, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconPlayerPlay } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { api, type Problem, problemOf } from "@/api/client";
import type { Campaign, Step } from "@/api/types";
import { nameOf } from "@/format/format";
import { stepTitle } from "@/format/steps";
import { sayProblem } from "@/pages/builder/cards";
import { useMay, useSession } from "@/session/session";
import { Failure } from "@/ui/Failure";
import { showProblem } from "@/ui/forms";
import { Assumptions } from "./Assumptions";
import { RunResult } from "./RunResult";
import { bodyOf, NEW_RUN, type RunForm, type TestRun } from "./run";
import { SendIt } from "./SendIt";
import { WhoFields } from "./WhoFields";

/** How high the drawer's title is, which stays in sight. */
const HEADER = 60;

/** A run as it was asked for, and what came of it. */
interface Walked {
  run: TestRun;
  body: ReturnType<typeof bodyOf>;
  startAt: string;
  name: string;
  timeZone: string;
}

/** Who walks, when and what happens on the way; beside it the days as they pass. */
export function TestRunDesk({ campaign, steps }: { campaign: Campaign; steps: Step[] }) {
  const { timezone } = useSession().tenant;
  const maySend = useMay("build");
  const form = useForm<RunForm>({ initialValues: NEW_RUN });
  const [walked, setWalked] = useState<Walked | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [unsent, setUnsent] = useState<string>();
  const result = useRef<HTMLDivElement>(null);
  const { who, contact_id, contact, assume } = form.values;
  const known = api.useQuery(
    "get",
    "/api/contacts/{contact_id}",
    { params: { path: { contact_id: contact_id ?? "" } } },
    { enabled: who === "known" && contact_id !== null },
  );
  const params = { path: { campaign_id: campaign.id } };
  const walk = api.useMutation("post", "/api/campaigns/{campaign_id}/test-runs");
  const send = api.useMutation("post", "/api/campaigns/{campaign_id}/test-runs");

  async function run(values: RunForm) {
    const body = bodyOf(values, steps, timezone);
    const person = who === "known" ? known.data?.contact : contact;
    const startAt = body.start_at ?? new Date().toISOString();
    setProblem(null);
    setUnsent(undefined);
    try {
      const { test_run } = await walk.mutateAsync({ params, body });
      setWalked({
        run: test_run,
        body: { ...body, start_at: startAt },
        startAt,
        name: person ? nameOf(person) : "the contact",
        timeZone: person?.timezone ?? timezone,
      });
    } catch (error) {
      setWalked(null);
      const refused = problemOf(error);
      const [first] = refused.errors ?? [];
      if (first) {
        showProblem(error, form);
        form.getInputNode(first.field)?.focus();
        return;
      }
      setProblem(inWords(refused, steps));
    }
    // On a phone what came of it is below the form.
    requestAnimationFrame(() => result.current?.scrollIntoView({ block: "start" }));
  }

  async function sendIt({ body, ...before }: Walked, send_to: string) {
    setUnsent(undefined);
    try {
      const { test_run } = await send.mutateAsync({ params, body: { ...body, send_to } });
      setWalked({ ...before, body, run: test_run });
    } catch (error) {
      const refused = problemOf(error);
      const [first] = refused.errors ?? [];
      setUnsent(first ? `It ${first.message}.` : refused.detail);
    }
  }

  return (
    <Grid gap="xl">
      <Grid.Col span={{ base: 12, md: 4 }}>
        <form onSubmit={form.onSubmit(run)} noValidate>
          <Stack gap="sm">
            <WhoFields form={form} />
            <TextInput
              type="datetime-local"
              label="Starts"
              description={`On the clock of ${timezone}; empty is now`}
              {...form.getInputProps("start")}
              error={form.errors.start_at}
            />
            <Accordion variant="contained" keepMounted={false}>
              <Accordion.Item value="assume">
                <Accordion.Control>
                  <Text size="sm">
                    What happens on the way{assume.length > 0 && ` (${assume.length})`}
                  </Text>
                </Accordion.Control>
                <Accordion.Panel>
                  <Assumptions
                    steps={steps}
                    value={assume}
                    onChange={(assumed) => form.setFieldValue("assume", assumed)}
                    errorAt={(place) => form.errors[place]?.toString()}
                  />
                </Accordion.Panel>
              </Accordion.Item>
            </Accordion>
            <Button
              type="submit"
              leftSection={<IconPlayerPlay size={16} />}
              loading={walk.isPending}
            >
              Run
            </Button>
            <Text size="xs" c="dimmed">
              Nothing is sent and nothing is kept.
            </Text>
          </Stack>
        </form>
      </Grid.Col>
      <Grid.Col
        ref={result}
        span={{ base: 12, md: 8 }}
        style={{ scrollMarginTop: HEADER }}
        aria-live="polite"
      >
        {problem && <Failure problem={problem} />}
        {walked && (
          <Stack gap="lg">
            <RunResult {...walked} steps={steps} />
            {maySend && (
              <SendIt
                sent={walked.run.sent}
                steps={steps}
                isSending={send.isPending}
                error={unsent}
                onSend={(address) => sendIt(walked, address)}
              />
            )}
          </Stack>
        )}
        {!problem && !walked && <Nothing />}
      </Grid.Col>
    </Grid>
  );
}

/** What keeps the walk from ever ending, with the names that steps have here. */
function inWords(problem: Problem, steps: readonly Step[]): Problem {
  if (!problem.problems?.length) return problem;
  return {
    ...problem,
    detail: "It cannot be run like this.",
    problems: problem.problems.map((each) => {
      const step = steps.find(({ id }) => id === each.step_id);
      const said = sayProblem(each);
      return { ...each, detail: step ? `${stepTitle(step)}. ${said}` : said };
    }),
  };
}

function Nothing() {
  return (
    <Center mih={320} bg="gray.0" p="xl" style={{ borderRadius: "var(--mantine-radius-md)" }}>
      <Text c="dimmed" ta="center" maw={360}>
        Choose who walks through the campaign, then run it. You see every day of it at once: what
        goes out when, what it says, and why.
      </Text>
    </Center>
  );
}
