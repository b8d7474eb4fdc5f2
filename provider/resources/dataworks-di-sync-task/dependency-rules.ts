import { type Rule } from "../../core/check";
import { isObject, isUnknown } from "../../core/fields";
import { error, warning } from "../../core/findings";
import { sourceOf } from "./sources";
import { show } from "../../core/quoting";

const of = (parameter: string): string => sourceOf("UpdateFile", parameter);
const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === "string" && !isUnknown(item)) : [];
const records = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value.filter(isObject) : []);

const upstreamRules: readonly Rule[] = [
  function* previousCycle({ value, declared }) {
    const [type, ids] = [value("schedule.dependentType"), value("schedule.dependentNodeIds")];
    const named = type === "USER_DEFINE";
    const isAdopted = declared("adopt");
    const isEmpty = Array.isArray(ids) && ids.length === 0;
    // What an adopted task does not declare, it may have.
    if (named && (isEmpty || (!isAdopted && !declared("schedule.dependentNodeIds")))) {
      yield error(
        "schedule.dependentNodeIds",
        "required",
        `must name at least one node with schedule.dependentType USER_DEFINE${of("DependentNodeIdList")}`,
      );
    }
    const isOther = type !== undefined ? !named : !isAdopted && !declared("schedule.dependentType");
    if (Array.isArray(ids) && ids.length > 0 && isOther) {
      yield error(
        "schedule.dependentNodeIds",
        "dependent-type",
        `has an effect only with schedule.dependentType "USER_DEFINE"${of("DependentType")}`,
      );
    }
  },
  function* upstream({ value, declared }) {
    const inputs = value("schedule.inputs");
    const none = !declared("schedule.inputs") || (Array.isArray(inputs) && inputs.length === 0);
    if (!none || value("publish") === false || (declared("adopt") && !declared("schedule.inputs"))) return;
    yield warning(
      "schedule.inputs",
      "no-inputs",
      `should name at least one upstream, such as <workspace name>_root: the note of UpdateFile demands it for a sync task, and publishing one without may fail${of("InputList")}`,
    );
  },
  function* twice({ value }) {
    const lists: [path: string, parameter: string, keys: string[]][] = [
      ["schedule.inputs", "InputList", texts(value("schedule.inputs"))],
      ["schedule.outputs", "OutputList", texts(value("schedule.outputs"))],
      ["schedule.dependentNodeIds", "DependentNodeIdList", texts(value("schedule.dependentNodeIds"))],
      ...(["input", "output"] as const).map((side): [string, string, string[]] => [
        `schedule.${side}Parameters`,
        side === "input" ? "InputParameters" : "OutputParameters",
        texts(records(value(`schedule.${side}Parameters`)).map(({ name }) => name)),
      ]),
    ];
    for (const [path, parameter, keys] of lists) {
      for (const key of new Set(keys.filter((each, index) => keys.indexOf(each) !== index))) {
        yield error(path, "duplicate", `must not have ${show(key)} twice${of(parameter)}`);
      }
    }
  },
];

const parameterRules: readonly Rule[] = [
  function* schedulingParameters({ value }) {
    const parameters = value("schedule.parameters");
    if (typeof parameters !== "string") return;
    const names = parameters.split(" ").map((word) => /^([A-Za-z_][\w.-]*)=/.exec(word)?.[1]);
    // Other forms, such as -p"-Dname=value", are the script's own business.
    if (names.includes(undefined)) return;
    for (const name of new Set(names.filter((each, index) => names.indexOf(each) !== index))) {
      const reason = `gives ${String(name)} twice; which of them holds is not documented${of("ParaValue")}`;
      yield warning("schedule.parameters", "parameter-value", reason);
    }
  },
  function* context({ value }) {
    const source = /^[^:\s]+:[^:\s]+$/;
    const hint = "an upstream output and its parameter, such as project_001.first_node:bizdate_param";
    for (const { name, valueSource } of records(value("schedule.inputParameters"))) {
      if (typeof valueSource !== "string" || isUnknown(valueSource) || source.test(valueSource)) continue;
      yield warning(
        "schedule.inputParameters",
        "parameter-value",
        `takes ${String(name)} from ${show(valueSource)}, which should be ${hint}${of("InputParameters")}`,
      );
    }
    for (const { name, type, value: content } of records(value("schedule.outputParameters"))) {
      if (typeof content !== "string" || isUnknown(content)) continue;
      const isOdd = type === "PassThrough" ? !source.test(content) : type === "Variable" && !content.includes("$");
      if (!isOdd) continue;
      const shape = type === "PassThrough" ? hint : "an expression such as ${bizdate}";
      yield warning(
        "schedule.outputParameters",
        "parameter-value",
        `gives ${String(name)} of type ${String(type)} the value ${show(content)}, which should be ${shape}${of("OutputParameters")}`,
      );
    }
  },
];

export const dependencyRules: readonly Rule[] = [...upstreamRules, ...parameterRules];
