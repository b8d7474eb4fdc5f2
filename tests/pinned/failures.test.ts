import type { FaultRule } from "../../emulator/index";
import { examples } from "./kinds";
import type { Example } from "./kinds";
import { Pinned } from "./pinned";
import { Story } from "./stories";

/** How a call fails: it is refused, its reply is lost and nobody knows, what it is about is gone, or it says nothing. */
const FAILURES: readonly Pick<FaultRule, "kind" | "code" | "message" | "http" | "body">[] = [
  { kind: "error", code: "InvalidParameter", message: "not like this", http: 400 },
  { kind: "drop-after" },
  { kind: "error", code: "ResourceNotFound", message: "there is none", http: 400 },
  {
    kind: "answer",
    body: { Data: null, Id: null, Node: null, Task: null, Pipeline: null, PagingInfo: null, SuccessInfo: null },
  },
];
/** The failure in a title. */
const told = ({ kind, code }: (typeof FAILURES)[number]) =>
  kind === "answer" ? "an empty answer" : code === "ResourceNotFound" ? code : kind;
/** What is deployed before the one that fails, which takes the `act`. */
const PHASES = [
  { name: "a creation", act: (story: Story) => story.up(story.args) },
  { name: "an update", made: true, act: (story: Story) => story.up(story.edited) },
  { name: "a full refresh", made: true, full: true, act: (story: Story) => story.refresh() },
  { name: "a deletion", made: true, act: (story: Story) => story.scene.destroy() },
] as const;
const READING = /^(Get|List|Describe|Check)/;

/** The operations of a phase when nothing fails. */
async function operationsOf(example: Example, { act, ...phase }: (typeof PHASES)[number]): Promise<string[]> {
  const story = await Story.open(example, {}, "full" in phase);
  try {
    if ("made" in phase) await story.up(story.args);
    await story.scene.emulator.reset();
    await act(story);
    return (await story.scene.emulator.calls()).map(({ operation }) => operation);
  } finally {
    await story.scene.close();
  }
}

for (const example of examples) {
  if (example.name.endsWith("abroad")) continue;
  describe(`a ${example.kind.name} of which a call fails`, function () {
    this.timeout(120_000);
    const pinned = new Pinned(`${example.name}-failures`);
    for (const phase of PHASES) {
      for (const failure of FAILURES) {
        it(`is brought to its end after ${told(failure)} in ${phase.name}`, async () => {
          const operations = await operationsOf(example, phase);
          for (const [index, operation] of operations.entries()) {
            // A read is made again at once.
            if (failure.kind === "drop-after" && READING.test(operation)) continue;
            const story = await Story.open(example, {}, "full" in phase);
            const { scene } = story;
            try {
              if ("made" in phase) await story.up(story.args);
              scene.lines.length = 0;
              await scene.emulator.fault({ ...failure, operation: "*", nth: index + 1 });
              await story.tell(phase.name, () => phase.act(story));
              await scene.emulator.clearFaults();
              await story.tell("and again", () => phase.act(story));
              if (scene.outs !== undefined && (phase.name === "a creation" || phase.name === "an update")) {
                await story.tell("refresh", story.refresh);
                await story.tell("and again", () => phase.act(story));
              }
            } finally {
              await scene.close();
            }
            pinned.has(`${phase.name}: ${told(failure)} at call ${index + 1}, ${operation}`, scene.lines);
          }
        });
      }
    }
  });
}
