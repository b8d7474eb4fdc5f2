import { CODES as alibaba } from "../../provider/clouds/alibaba/errors";
import { PATIENCE } from "../../provider/clouds/attempts";
import type { Codes } from "../../provider/clouds/codes";
import { CODES as tencent } from "../../provider/clouds/tencent/errors";
import { OWN_CODES } from "../../provider/clouds/transport";
import { type ErrorClass, MEANINGS, adviceFor } from "../../provider/core/errors";
import { row, table } from "./fields";

const classes = Object.keys(MEANINGS) as ErrorClass[];

const seconds = (milliseconds: number): string => `${String(milliseconds / 1000)} s`;

/** How often a failure of a class is repeated, in a few words. */
function repeats(errorClass: ErrorClass): string {
  const patience = PATIENCE[errorClass];
  if (patience === undefined) return "never";
  const { attempts, firstMilliseconds, longestMilliseconds } = patience;
  if (errorClass === "clock") return "once, after the clock was corrected";
  return `up to ${String(attempts)} times in all, with waits of up to ${seconds(firstMilliseconds)}, doubling to ${seconds(longestMilliseconds)}`;
}

const advice = (errorClass: ErrorClass, unclear = false): string =>
  adviceFor({ cloud: "dataworks", errorClass, unclear }).replace(/dataworks:(\w+)/g, "`dataworks:$1` (`wedata:$1`)");

/** The codes of a class, by who says them. */
const codesOf = (errorClass: ErrorClass): [string, Codes][] =>
  (
    [
      ["DataWorks", alibaba],
      ["WeData", tencent],
      ["this package", OWN_CODES],
    ] as const
  ).flatMap(([by, codes]) =>
    codes.filter((each) => each.errorClass === errorClass).map((each): [string, Codes] => [by, each]),
  );

const shown = ({ codes }: Codes): string =>
  codes.map((code) => (code === "#" ? "digits alone, such as `9990040003`" : `\`${code}\``)).join(", ");

function section(errorClass: ErrorClass): string {
  const codes = codesOf(errorClass);
  const doubtful = codes.some(([, { unclear }]) => unclear);
  const rows = codes.map(([by, each]) => row([by, shown(each), each.meaning, each.unclear ? "yes" : "no"]));
  return `### ${errorClass}

${MEANINGS[errorClass]}

- **Repeated**: ${repeats(errorClass)}${doubtful && PATIENCE[errorClass] !== undefined ? "; a call that may have taken effect only where making it twice changes nothing" : ""}
- **What to do**: ${advice(errorClass)}${doubtful ? `. Where the call may have taken effect: ${advice(errorClass, true)}` : ""}

${codes.length === 0 ? "" : table(["Said by", "Code", "Meaning", "May have taken effect"], rows)}
`;
}

/** The page on every class of failed calls, and on every code. */
export function errorsPage(): string {
  return `# Errors

Rules find wrong arguments before any call ([rules](rules.md)). This page is about calls that fail. Their message says what was
asked for and for which task, the service's code and words, the id of the request for a support ticket, whether the call was
repeated, and what to do:

\`\`\`text
UpdateTask ods_orders: Throttling.User: Request was denied due to user flow control (request 5F2C7A3E-8A51-5D0B-9E5B-1C2D3E4F5A6B), tried 12 times; the service allows fewer calls than were made: run again in a minute, or lower dataworks:requestsPerSecond
\`\`\`

The code belongs to one of the classes below, which decides whether the call is repeated. Each class has its own count. The waits
are drawn anywhere between nothing and a bound that doubles (full jitter); none is shorter than the service asks for
(\`x-acs-retry-after\`, \`Retry-After\`), and none goes beyond the time of the operation (\`timeouts\`).

A creation is never repeated blindly: where its reply is lost, the service is searched for what carries this resource's creation
token, and only where there is nothing is it made again. What a failure leaves behind stands in [Failures](../failures.md).

## Classes

${table(
  ["Class", "Meaning", "Repeated"],
  classes.map((each) => row([`[\`${each}\`](#${each})`, MEANINGS[each].split(/(?<=\.)\s/)[0] ?? "", repeats(each)])),
)}

${classes.map(section).join("\n")}
## Errors that are no failed call

| Sentence | Meaning | What to do |
| --- | --- | --- |
| \`pipeline run … ended with Fail at stage …\`, \`… (package …) failed\` | The service took the publication through its stages, and one failed. The task keeps its edit; production does not have it. | Correct the cause that the sentence names, often the code or a resource group, and run \`pulumi up\`: it publishes again. |
| \`… seems to wait for an approval\` | A stage does not move, see [\`waits-for-approval\`](rules.md#waits-for-approval). | Approve it in the console, then \`pulumi up\`. |
| \`… is still not finished, and the time of this operation is up\` | The service is slower than \`timeouts\` allows. | Run \`pulumi up\`, which goes on with it, or allow more time. |
| \`name … exists … and was not created by this resource\` | Somebody else's task has the name. | Take it over with \`adopt\`, or choose another name. |
| \`task … is gone\`, \`file … is gone\` | It was deleted elsewhere since the last refresh. | \`pulumi refresh\`, then \`pulumi up\` creates it again. |
| \`… was created by another stack\` | It carries another stack's creation token. | Release it there, or set \`force: true\`. |
| \`… is not deleted, because … depend on it\` | Other tasks need it. | Take those dependencies out first, or set \`force: true\`. |
`;
}
