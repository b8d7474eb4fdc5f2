import type { Findings } from "./findings";
import type { Members } from "./members";
import { elements } from "./members";
import { variableEntries } from "./variables";

/** A script of the document, before it is known which node it belongs to. */
export interface ReadScript {
  readonly path: string;
  readonly name?: string;
  readonly file?: string;
  readonly language?: string;
  readonly content?: string;
  readonly command?: string;
  readonly engine?: string;
  readonly cu?: string;
  readonly image?: string;
  readonly parameters: readonly { value: unknown; path: string }[];
}

/** The script, with what it says and a task has no argument for reported. */
export function readScript(members: Members, findings: Findings): ReadScript {
  const script: Record<string, unknown> = { path: members.path };
  const set = (name: keyof ReadScript, value: unknown) => {
    if (value !== undefined) script[name] = value;
  };
  set("name", members.text("name"));
  set("file", members.text("path"));
  set("language", members.text("language"));
  const content = code(members, findings);
  set("content", content);
  set(
    "parameters",
    variableEntries(members.entry("parameters", "parameter")).flatMap(({ value, path }) => elements(value, path)),
  );
  const runtime = members.object("runtime");
  if (runtime) {
    set("command", runtime.text("command") ?? COMMAND_OF_TYPE[runtime.text("commandTypeId") ?? ""]);
    set("engine", runtime.text("engine"));
    set("cu", runtime.text("cu"));
    const container = runtime.object("container");
    set("image", container?.text("imageId"));
    container?.rest();
    runtime.rest();
  }
  members.ignore("description");
  members.rest();
  return script as unknown as ReadScript;
}

function code(members: Members, findings: Findings): string | undefined {
  const content = members.entry("content");
  const older = members.entry("code");
  for (const found of [content, older]) {
    if (found && typeof found.value === "object") {
      findings.error(found.path, "is left out: the code must be text, also where it is JSON");
      return undefined;
    }
  }
  if (content && older && content.value !== older.value)
    findings.warning(older.path, "is left out: content is given too, and differs");
  return content ? members.code("content") : members.code("code");
}

const LANGUAGE_OF_FILE: Readonly<Record<string, string>> = { sql: "sql", py: "python", sh: "shell", hql: "hive-sql" };
const FILE = /\.(sql|py|sh|hql|json|txt|ya?ml|pl|r|scala|java|jar|ms|mr|vi|xml|csv|ipynb)$/i;

/** What makes a command when the document names none: the language, with the engine or the data source where they say more. */
const COMMAND_OF_LANGUAGE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  sql: {
    "": "ODPS_SQL",
    maxcompute: "ODPS_SQL",
    odps: "ODPS_SQL",
    hologres: "HOLOGRES_SQL",
    holo: "HOLOGRES_SQL",
    hive: "EMR_HIVE",
    emr: "EMR_HIVE",
    clickhouse: "CLICK_SQL",
    mysql: "MYSQL",
    postgresql: "POSTGRESQL",
  },
  "odps-sql": { "": "ODPS_SQL" },
  odps: { "": "ODPS_SQL" },
  "odps-script": { "": "ODPS_SQL_SCRIPT" },
  "hologres-sql": { "": "HOLOGRES_SQL" },
  "clickhouse-sql": { "": "CLICK_SQL" },
  "hive-sql": { emr: "EMR_HIVE", hive: "EMR_HIVE", cdh: "CDH_HIVE" },
  "spark-sql": { emr: "EMR_SPARK_SQL", cdh: "CDH_SPARK_SQL", maxcompute: "ODPS_SPARK_SQL", odps: "ODPS_SPARK_SQL" },
  python: { "": "PYODPS3", general: "PYTHON" },
  python3: { "": "PYODPS3", general: "PYTHON" },
  python2: { "": "PY_ODPS" },
  shell: { "": "DIDE_SHELL", emr: "EMR_SHELL", cdh: "CDH_SHELL" },
  "shell-script": { "": "DIDE_SHELL", emr: "EMR_SHELL", cdh: "CDH_SHELL" },
  sh: { "": "DIDE_SHELL" },
  bash: { "": "DIDE_SHELL" },
  json: { dataintegration: "DI", di: "DI" },
};

/** Numbers by which some writers name the command (CodeProgramType in aliyun/dataworks-spec). */
const COMMAND_OF_TYPE: Readonly<Record<string, string>> = {
  6: "DIDE_SHELL",
  10: "ODPS_SQL",
  11: "ODPS_MR",
  23: "DI",
  24: "ODPS_SQL_SCRIPT",
  97: "VIRTUAL_WORKFLOW",
  99: "VIRTUAL",
  221: "PY_ODPS",
  225: "ODPS_SPARK",
  226: "ODPS_SPARK_SQL",
  227: "EMR_HIVE",
  228: "EMR_SPARK",
  229: "EMR_SPARK_SQL",
  230: "EMR_MR",
  257: "EMR_SHELL",
  258: "EMR_SPARK_SHELL",
  259: "EMR_PRESTO",
  260: "EMR_IMPALA",
  267: "EMR_TRINO",
  268: "EMR_KYUUBI",
  270: "CDH_HIVE",
  271: "CDH_SPARK",
  272: "CDH_SPARK_SQL",
  276: "CDH_SHELL",
  1093: "HOLOGRES_SQL",
  1100: "CONTROLLER_ASSIGNMENT",
  1221: "PYODPS3",
  1301: "CLICK_SQL",
  1302: "POSTGRESQL",
  1303: "MYSQL",
  1322: "PYTHON",
};

/**
 * The command of a node: what the document names, else what follows from the language, else `VIRTUAL` for a node without
 * anything to run. `undefined`, with an error, where none of it tells. A guess is reported.
 */
export function commandOf(
  script: ReadScript | undefined,
  datasource: string | undefined,
  nodePath: string,
  findings: Findings,
): string | undefined {
  if (script?.command !== undefined) return script.command;
  const extension = script?.file === undefined ? undefined : FILE.exec(script.file)?.[1]?.toLowerCase();
  const language = script?.language?.toLowerCase().replace(/_/g, "-") ?? LANGUAGE_OF_FILE[extension ?? ""];
  if (language === undefined && script?.content === undefined) {
    findings.warning(
      script?.path ?? nodePath,
      script
        ? "names no command, language or code: its task becomes a VIRTUAL one"
        : "has no script: its task becomes a VIRTUAL one",
    );
    return "VIRTUAL";
  }
  const table = COMMAND_OF_LANGUAGE[language ?? ""];
  const hints = [script?.engine, datasource, ""].map((hint) => hint?.toLowerCase().replace(/[^a-z]/g, ""));
  const command = hints
    .map((hint) => (hint === undefined ? undefined : table?.[hint]))
    .find((found) => found !== undefined);
  if (command === undefined) {
    findings.error(
      script?.path ?? nodePath,
      `names no runtime.command, and its language ${language === undefined ? "is missing too" : `"${language}" does not tell it`}: no task can be made of its node`,
    );
    return undefined;
  }
  findings.warning(
    script?.path ?? nodePath,
    `names no runtime.command: ${command} is used, by its language ${language ?? ""}`,
  );
  return command;
}

/** The folder of a node called `name`. The last part of the path, where it is the node itself or a file, is no folder. */
export function folderOf(script: ReadScript, name: string, command: string, findings: Findings): string | undefined {
  const parts = (script.file ?? "")
    .split("/")
    .map((part) => part.trim())
    .filter((part) => part !== "");
  const last = parts.at(-1);
  const isFile = last !== undefined && FILE.test(last);
  const stem = isFile ? last.replace(FILE, "") : last;
  if (last === name || (isFile && stem === name)) parts.pop();
  else if (isFile) {
    parts.pop();
    if (script.content !== undefined)
      findings.warning(
        `${script.path}.path`,
        `ends in ${last}, and the node is called ${name}: the file's name is left out`,
      );
  }
  if (script.content === undefined && command !== "VIRTUAL") {
    findings.warning(
      script.path,
      isFile
        ? `names the file ${last}, whose code is not in the document: the task is made without code`
        : "holds no code: the task is made without it",
    );
  }
  return parts.length > 0 ? parts.join("/") : undefined;
}
