import assert from "node:assert/strict";
import { contractOf } from "../../emulator/contract";
import type { Field as Parameter, Shape } from "../../emulator/contract";
import { type Placed, leaves, putAt, valueAt } from "../../provider/core/fields";
import { understood } from "../../provider/core/wire";
import { unmapped as unmappedOfSyncTasks } from "../../provider/resources/dataworks-di-sync-task/unmapped";
import { unmapped as unmappedOfDataWorksTasks } from "../../provider/resources/dataworks-task/unmapped";
import { unmapped as unmappedOfWeDataTasks } from "../../provider/resources/wedata-task/unmapped";
import { type Kind, kinds } from "../../scripts/reference/kinds";
import { type Reached, isReading, parameterOf, reached } from "../../scripts/reference/wires";

type Unmapped = Readonly<Record<string, Readonly<Record<string, string>>>>;

const UNMAPPED: Readonly<Record<Kind["name"], Unmapped>> = {
  DataWorksTask: unmappedOfDataWorksTasks,
  DataWorksDISyncTask: unmappedOfSyncTasks,
  WeDataTask: unmappedOfWeDataTasks,
};

/** The operations whose every parameter has to be accounted for; the tables may name others, which are then too. */
const WRITING: Readonly<Record<Kind["name"], readonly string[]>> = {
  DataWorksTask: ["UpdateTask", "BatchUpdateTasks", "CreateNode", "UpdateNode"],
  DataWorksDISyncTask: ["UpdateDISyncTask", "CreateDISyncTask", "UpdateFile", "SubmitFile", "DeployFile"],
  WeDataTask: ["ModifyTaskInfo", "ModifyTaskInfoDs", "CreateTaskNew"],
};

/** TaskParam is JSON in one text; its description lists the members. */
const TASK_PARAM: Readonly<Record<string, readonly string[]>> = {
  CreateDISyncTask: ["FileFolderPath", "ResourceGroup", "Cu"],
  UpdateDISyncTask: ["ResourceGroup", "Cu"],
};

/** The parameters that are a document of their own, FlowSpec in JSON; what stands in it is tested with the nodes. */
const DOCUMENTS: readonly string[] = ["CreateNode Spec", "UpdateNode Spec"];

/** Answers under the name of an input that are not read there, with the reason. */
const UNREAD: Readonly<Record<string, string>> = {
  "ListFiles Content": "not asked for, since a page of scripts is long; GetFile has it",
  LeftCoordinate: "used when the task is created; where somebody moves it afterwards is theirs",
  TopCoordinate: "used when the task is created; where somebody moves it afterwards is theirs",
  "GetPaginationTaskScript ProjectId": "the task's own; the detail has it",
  "DescribeOperateOpsTasks CycleType": "null there, which has CycleUnit",
  "DescribeOperateOpsTasks CycleStep": "null there, which has CycleNum",
  "DescribeOperateOpsTasks CrontabExpression": "null there, which has Crontab",
  "DescribeOperateOpsTasks StartTime": "null there, which has StartDate",
  "DescribeOperateOpsTasks EndTime": "null there, which has EndDate",
  "DescribeOperateOpsTasks ResourceGroup": "null there, which has ExecutorGroupId",
  "DescribeOperateOpsTasks InstanceInitStrategy": "null there, which has InitStrategy",
};

/** Written members that no answer shows, with the reason. */
const NOT_SHOWN: Readonly<Record<string, string>> = {
  "dependencies[].parentTask": "reads tell the upstream by its id; what else was said of it is remembered",
  "dependencies[].sonTask": "this task itself; what was said of it is remembered",
};

/** Values of the contract that can't be written, with the reason. */
const LEFT_VALUES: Readonly<Record<string, string>> = {
  "SelfDepend 0": "only a sample sends it, and no document gives it a meaning",
};

/** Numbers whose unit only one side has as data, with the reason. */
const OTHER_UNITS: Readonly<Record<string, string>> = {
  "ModifyTaskInfoDs MinuteOffset": "its name says minutes",
};

/** Choices of ours where the contract has no list as data, with the reason. */
const ONLY_OUR_WORDS: Readonly<Record<string, string>> = {
  "UpdateFile OutputParameters": "numbers inside JSON text; its description names them",
  DependencyRel: "its description names both words",
  InstanceInitStrategy: "its description names both words",
};

/** What stands in a list under an operation's parameter, or under the parameter's own name. */
const listed = (list: Readonly<Record<string, string>>, operation: string, path: string): boolean =>
  [`${operation} ${path}`, path.split(".").at(-1) ?? ""].some((key) => Object.hasOwn(list, key));

const withoutBrackets = (path: string): string => path.replace(/\[\]/g, "");

/** Every parameter of an operation by its path, members of list items behind the list's name. */
function parametersOf({ contracts }: Kind, operation: string): Map<string, Parameter> {
  const found = new Map<string, Parameter>();
  const visit = (fields: Readonly<Record<string, Parameter>>, prefix: string): void => {
    for (const [name, field] of Object.entries(fields)) {
      const members = name === "TaskParam" ? TASK_PARAM[operation] : undefined;
      if (field.fields) visit(field.fields, `${prefix}${name}.`);
      else if (members) for (const member of members) found.set(`${name}.${member}`, { type: "any" });
      else found.set(`${prefix}${name}`, field);
    }
  };
  const contract = contractOf(contracts, operation);
  assert.ok(contract, `the contracts of ${contracts} have no ${operation}`);
  visit(contract.request, "");
  return found;
}

/** Every path of an answer with its type, members of list items behind the list's name. */
function answersOf({ contracts }: Kind, operation: string): Map<string, string> {
  const found = new Map<string, string>();
  const visit = (shape: Shape, at: string): void => {
    if (typeof shape === "string") found.set(at, shape);
    else if (Array.isArray(shape)) visit(shape[0] as Shape, at);
    else {
      found.set(at, "object");
      for (const [name, member] of Object.entries(shape)) visit(member, at === "" ? name : `${at}.${name}`);
    }
  };
  const contract = contractOf(contracts, operation);
  assert.ok(contract, `the contracts of ${contracts} have no ${operation}`);
  visit(contract.response, "");
  return found;
}

const tableOf = (kind: Kind): Placed[] => leaves(kind.fields);
const carriedBy = (kind: Kind, operation: string): Placed[] =>
  tableOf(kind).filter(({ leaf }) => leaf.wire?.[operation] !== undefined);
const operationsOf = (kind: Kind): string[] => [
  ...new Set([
    ...WRITING[kind.name],
    ...tableOf(kind).flatMap(({ leaf }) => Object.keys(leaf.wire ?? {})),
    ...Object.keys(UNMAPPED[kind.name]),
  ]),
];
const writingOf = (kind: Kind): string[] => operationsOf(kind).filter((operation) => !isReading(operation));
const readingOf = (kind: Kind): string[] => operationsOf(kind).filter(isReading);
/** The writing operations of which every parameter is accounted for. */
const accountedOf = (kind: Kind): string[] => [
  ...new Set([...WRITING[kind.name], ...Object.keys(UNMAPPED[kind.name])]),
];

/** The parameters that the table puts a value into, by the contract's paths; `Spec` is a document of its own. */
function reachedIn(kind: Kind, operation: string): Reached[] {
  const known = parametersOf(kind, operation);
  const placed = (path: string) => withoutBrackets(parameterOf(kind, operation, path));
  return carriedBy(kind, operation).flatMap((each) =>
    reached(kind, each, operation, (path) => known.has(placed(path))).map((one) => ({
      ...one,
      parameter: placed(one.parameter),
    })),
  );
}

/** What the table says, without trying: the parameters themselves. */
const declaredIn = (kind: Kind, operation: string): string[] =>
  carriedBy(kind, operation).map(({ leaf }) => parameterOf(kind, operation, leaf.wire?.[operation] ?? ""));

const unmappedIn = (kind: Kind, operation: string): string[] =>
  Object.keys(UNMAPPED[kind.name][operation] ?? {}).map((parameter) => parameterOf(kind, operation, parameter));

const FACTORS: Readonly<Record<string, number>> = { s: 1, ms: 0.001, min: 60, seconds: 1, minutes: 60 };

for (const kind of kinds) {
  describe(`the table of ${kind.name}`, () => {
    for (const operation of accountedOf(kind)) {
      it(`accounts for every parameter of ${operation}: carried, or left out with a reason`, () => {
        const carried = new Set([...reachedIn(kind, operation).map(({ parameter }) => parameter)]);
        const left = new Set(unmappedIn(kind, operation));
        const known = [...parametersOf(kind, operation).keys()];
        assert.deepEqual(
          known.filter((path) => !carried.has(path) && !left.has(path)),
          [],
          "neither carried nor left out",
        );
        assert.deepEqual(
          known.filter((path) => carried.has(path) && left.has(path)),
          [],
          "both",
        );
      });
    }

    for (const operation of writingOf(kind)) {
      it(`has nothing for ${operation} that the contract lacks`, () => {
        const known = parametersOf(kind, operation);
        const isKnown = (path: string) => known.has(path) || [...known.keys()].some((at) => at.startsWith(`${path}.`));
        const strange = [
          ...declaredIn(kind, operation).filter((path) => !isKnown(path)),
          ...reachedIn(kind, operation).flatMap(({ parameter }) => (known.has(parameter) ? [] : [parameter])),
          ...unmappedIn(kind, operation).filter((path) => !known.has(path)),
        ];
        assert.deepEqual([...new Set(strange)], []);
        for (const [parameter, reason] of Object.entries(UNMAPPED[kind.name][operation] ?? {})) {
          assert.match(reason, /\w+ \w+/, `${operation} ${parameter}: no reason`);
        }
      });

      it(`sends ${operation} the types, words and limits of the contract`, () => {
        const known = parametersOf(kind, operation);
        const problems = reachedIn(kind, operation).flatMap((one) => {
          const parameter = known.get(one.parameter);
          return parameter === undefined || DOCUMENTS.includes(`${operation} ${one.parameter}`)
            ? []
            : disagreements(one, parameter, operation);
        });
        assert.deepEqual(problems, []);
      });
    }

    for (const operation of readingOf(kind)) {
      it(`reads from ${operation} only what its answer has`, () => {
        const known = answersOf(kind, operation);
        const strange = declaredIn(kind, operation).filter((path) => path !== "" && !known.has(path));
        assert.deepEqual(strange, []);
      });

      it(`reads from ${operation} every answer that has the name of a parameter of ours`, () => {
        const read = declaredIn(kind, operation);
        const isRead = (path: string) => read.some((at) => path === at || path.startsWith(`${at}.`));
        const inputs = new Set(
          writingOf(kind).flatMap((writing) =>
            reachedIn(kind, writing).map(({ parameter }) => inObject(writing, parameter)),
          ),
        );
        const missed = [...answersOf(kind, operation)]
          .filter(([, type]) => type !== "object")
          .map(([path]) => path)
          .filter((path) => inputs.has(inObject(operation, path)) && !isRead(path))
          .map((path) => inObject(operation, path))
          .filter((path) => !listed(UNREAD, operation, path));
        assert.deepEqual(missed, []);
      });

      it(`reads back from ${operation} every member of a list or map that is written`, () => {
        const missed = carriedBy(kind, operation).flatMap((placed) => {
          const written = Object.keys(placed.leaf.wire ?? {}).find((each) => !isReading(each));
          if (written === undefined || !["list", "map", "record"].includes(placed.leaf.kind)) return [];
          const known = readMembers(kind, placed, operation);
          const members = new Set(reached(kind, placed, written).map(({ property }) => property));
          return [...members].filter(
            (property) =>
              !known.has(property) && !Object.hasOwn(NOT_SHOWN, property.replace(/\.(parent|son)Task\..*/, ".$1Task")),
          );
        });
        assert.deepEqual(missed, []);
      });

      it(`understands the numbers of ${operation} in the units of its answer`, () => {
        const units = contractOf(kind.contracts, operation)?.units ?? {};
        const problems = carriedBy(kind, operation).flatMap(({ path, leaf }) => {
          const parameter = leaf.wire?.[operation] ?? "";
          const unit = units[parameterOf(kind, operation, parameter)];
          if (unit === undefined) return [];
          const answer: Record<string, unknown> = {};
          putAt(answer, parameter, 60_000);
          const got = valueAt(understood([{ path, leaf }], operation, answer, {}), path);
          const expected = (60_000 * (FACTORS[unit] ?? 1)) / (FACTORS[leaf.unit ?? ""] ?? NaN);
          return got === expected ? [] : [`${parameter} 60000 ${unit} is read as ${String(got)} ${leaf.unit ?? "?"}`];
        });
        assert.deepEqual(problems, []);
      });
    }
  });
}

/** A parameter's path inside the task's own object. */
function inObject(operation: string, path: string): string {
  const root = parameterOf({ contracts: "" }, operation, "x").replace(/\.?x$/, "");
  const under = [`${root}.NodeConfiguration.`, `${root}.File.`, `${root}.`].find((prefix) => path.startsWith(prefix));
  return root === "" || under === undefined ? path : path.slice(under.length);
}

/** How deep inside an item of a list the parts lie that are read. */
const DEPTH = 2;
/** Answers that some member or other can have. */
const ANSWERS: readonly unknown[] = [
  "1001",
  "1",
  "2",
  "Constant",
  "System",
  "Normal",
  "DAY",
  "HOUR",
  "WAITING",
  "EXECUTING",
];

/** The members of a property that an answer can tell: those that differ when one part of the answer does. */
function readMembers(kind: Kind, { path, leaf }: Placed, operation: string): ReadonlySet<string> {
  const parameter = leaf.wire?.[operation] ?? "";
  const root = parameterOf(kind, operation, parameter);
  const parts = [...answersOf(kind, operation)]
    .filter(([at, type]) => type !== "object" && (at === root || at.startsWith(`${root}.`)))
    .map(([at]) => at.slice(root.length).replace(/^\./, ""))
    .filter((at) => at.split(".").length <= DEPTH);
  const understand = (filled: ReadonlyMap<string, unknown>): Map<string, unknown> => {
    const item: Record<string, unknown> = {};
    for (const [at, value] of filled) if (at !== "") putAt(item, at, value);
    const answer: Record<string, unknown> = {};
    const whole = filled.has("") ? filled.get("") : [item];
    putAt(answer, parameter, whole);
    const terms = {
      zone: "Asia/Shanghai",
      reading: { taskExt: Object.fromEntries(ANSWERS.map((key) => [String(key), ""])) },
    };
    const got = understood([{ path, leaf }], operation, answer, terms);
    return membersOf(valueAt(got, path), path);
  };
  const found = new Set<string>();
  for (const part of parts) {
    for (const others of ["1", undefined]) {
      const base = new Map(parts.filter((each) => each !== part && others !== undefined).map((each) => [each, others]));
      const told = ANSWERS.map((answer) => understand(new Map([...base, [part, answer]])));
      for (const property of new Set(told.flatMap((members) => [...members.keys()]))) {
        if (new Set(told.map((members) => String(members.get(property)))).size > 1) found.add(property);
      }
    }
  }
  return found;
}

/** The parts of a value of ours by property, items behind the list's name; a map is one. */
function membersOf(value: unknown, path: string): Map<string, unknown> {
  const found = new Map<string, unknown>([[path, JSON.stringify(value)]]);
  const visit = (part: unknown, at: string): void => {
    if (Array.isArray(part)) for (const item of part) visit(item, `${at}[]`);
    else if (typeof part === "object" && part !== null) {
      for (const [name, member] of Object.entries(part)) visit(member, `${at}.${name}`);
    } else found.set(at, part);
  };
  visit(value, path);
  // A dependency by the bare id of its upstream is that id.
  for (const [at, part] of [...found]) if (at.endsWith("Task")) found.set(`${at}.taskId`, part);
  return found;
}

/** What is not as the contract has it, as sentences. */
function disagreements({ property, field, pairs, parameter: path }: Reached, parameter: Parameter, operation: string) {
  const about = `${operation} ${path} (${property})`;
  const problems = pairs
    .filter(([, sent]) => !isOfType(parameter.type, sent))
    .map(([value, sent]) => `${about}: ${String(value)} is sent as ${typeof sent}, and must be ${parameter.type}`);
  if (parameter.enum !== undefined) {
    const sent = new Set(pairs.map(([, value]) => String(value)));
    const known = parameter.enum.map(String);
    const few = known.filter((value) => !sent.has(value) && !Object.hasOwn(LEFT_VALUES, `${path} ${value}`));
    if (few.length > 0) problems.push(`${about}: ${few.join(", ")} can't be written`);
    const many = [...sent].filter((value) => !known.includes(value));
    if (many.length > 0) problems.push(`${about}: ${many.join(", ")} is not in the contract`);
  } else if (field.kind === "choice" && parameter.type === "string") {
    // Words that only we know would be refused by a service that knows more.
    if (!listed(ONLY_OUR_WORDS, operation, path)) problems.push(`${about}: a choice, and the contract has none`);
  }
  const isNumber = field.kind === "integer" || field.kind === "number";
  if (isNumber && !listed(OTHER_UNITS, operation, path)) {
    const [ours, theirs] = [FACTORS[field.unit ?? ""], parameter.unit && FACTORS[parameter.unit]];
    if ((ours === undefined) !== (theirs === undefined)) {
      problems.push(`${about}: in ${field.unit ?? "no unit"}, and the contract has ${parameter.unit ?? "none"}`);
    }
    for (const [value, sent] of pairs) {
      const factor = ours === undefined || theirs === undefined ? 1 : ours / theirs;
      if (Number(sent) !== Number(value) * factor)
        problems.push(`${about}: ${String(value)} is sent as ${String(sent)}`);
    }
    const scale = ours === undefined || theirs === undefined ? 1 : ours / theirs;
    const [least, most] = [field.minimum, field.maximum].map((limit) =>
      limit === undefined ? undefined : limit * scale,
    );
    if (parameter.max !== undefined && (most === undefined || most > parameter.max)) {
      problems.push(`${about}: at most ${parameter.max} there, ${most ?? "no limit"} here`);
    }
    if (parameter.min !== undefined && (least === undefined || least < parameter.min)) {
      problems.push(`${about}: at least ${parameter.min} there, ${least ?? "no limit"} here`);
    }
  }
  if (
    field.kind === "text" &&
    parameter.min !== undefined &&
    field.pattern?.[0].test(String(parameter.min - 1)) !== false
  ) {
    problems.push(`${about}: at least ${parameter.min} there, ${parameter.min - 1} is taken here`);
  }
  if (
    field.kind === "text" &&
    parameter.max !== undefined &&
    field.pattern?.[0].test(String(parameter.max + 1)) !== false
  ) {
    problems.push(`${about}: at most ${parameter.max} there, ${parameter.max + 1} is taken here`);
  }
  return problems;
}

/** Whether a value can stand for a type of the contract. Ids are digits, which the client writes as numbers. */
function isOfType(type: string, value: unknown): boolean {
  const item = /^array<(.+)>$/.exec(type)?.[1];
  if (item !== undefined) return Array.isArray(value) && value.every((each) => isOfType(item, each));
  switch (type) {
    case "string":
      return typeof value === "string" || (typeof value === "object" && value !== null);
    case "boolean":
      return typeof value === "boolean";
    case "int32":
      return Number.isInteger(value) && Math.abs(Number(value)) < 2 ** 31;
    case "int64":
    case "uint64":
      return typeof value === "bigint" || Number.isSafeInteger(value) || /^\d+$/.test(String(value));
    case "float":
    case "double":
      return typeof value === "number";
    case "any":
      return true;
    default:
      return false;
  }
}
