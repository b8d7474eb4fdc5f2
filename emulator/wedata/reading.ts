import { Refusal } from "../service";
import type { Context, Operation, Parameters } from "../service";
import { amount, commaSeparated, text, texts } from "../given";
import { missing, projectOf, shownSettings, taskIn, taskOf, wedataState } from "./task";
import type { Settings, StoredTask } from "./task";
import { position } from "./switches";
import { operationsDetail, operationsItem, taskDetail, taskParameters } from "./views";
import { clock, cycleLetter } from "./words";

/** ProjectId is optional here, unlike everywhere else. */
export const DescribeTaskDetailDs: Operation = (parameters, context) => {
  const id = text(parameters, "TaskId") ?? "";
  const projectId = text(parameters, "ProjectId") ?? wedataState(context.state).tasks[id]?.ProjectId ?? "";
  const task = taskIn(context, projectId, id);
  return task ? { Data: taskDetail(task, context) } : missing(context, id, null);
};

/** Whether the lists of operations have heard of a task. */
const isListed = (task: StoredTask, context: Context): boolean =>
  context.now() >= task.CreateTime + Number(position(context, "wedataListsLagMilliseconds"));

/** The tasks with the given ids. Those it does not find are left out; finding none is an answer of its own. */
export const DescribeDependTaskLists: Operation = (parameters, context) => {
  const project = projectOf(parameters, context);
  const ids = texts(parameters, "TaskIds") ?? [];
  const seesDrafts = position(context, "dependListsSeesDrafts") !== false;
  const found = ids.flatMap((id) => {
    const task = wedataState(context.state).tasks[id];
    const isShown = task?.ProjectId === project.ProjectId && (task.submitted || seesDrafts) && isListed(task, context);
    return isShown ? [task] : [];
  });
  if (ids.length > 0 && found.length === 0) return missing(context, ids.join(", "), []);
  const showsSubmitted = position(context, "dependListsShowsSubmitted") === true;
  return {
    Data: found.map((task) =>
      operationsDetail(task, (showsSubmitted && task.submitted?.settings) || shownSettings(task, context), context),
    ),
  };
};

export const DescribeOperateOpsTasks: Operation = (parameters, context) => {
  const project = projectOf(parameters, context);
  const pageNumber = page(parameters, "PageNumber", 1);
  const pageSize = page(parameters, "PageSize", 10);
  const projectIds = texts(parameters, "ProjectIds") ?? [project.ProjectId];
  const matches = filter(parameters, context);
  const found = Object.values(wedataState(context.state).tasks).flatMap((task) => {
    const settings =
      task.submitted?.settings ?? (position(context, "operateListSeesDrafts") === true ? task.settings : undefined);
    const isShown = projectIds.includes(task.ProjectId) && isListed(task, context);
    return settings && isShown && matches(task, settings) ? [{ task, settings }] : [];
  });
  if (text(parameters, "SortItem")) {
    const by = (each: { task: StoredTask; settings: Settings }): string =>
      /update/i.test(text(parameters, "SortItem") ?? "") ? clock(each.task.LastUpdate) : each.task.TaskId;
    const direction = text(parameters, "SortType")?.toUpperCase() === "DESC" ? -1 : 1;
    found.sort((a, b) => (by(a) < by(b) ? -direction : by(a) > by(b) ? direction : 0));
  }
  const items = found.slice((pageNumber - 1) * pageSize, pageNumber * pageSize);
  return {
    Data: {
      PageNumber: pageNumber,
      PageSize: pageSize,
      TotalCount: found.length,
      TotalPage: Math.ceil(found.length / pageSize),
      PageCount: items.length,
      Items: items.map(({ task, settings }) => operationsItem(task, settings, context)),
    },
  };
};

/** Page numbers and sizes are texts in this operation. */
function page(parameters: Parameters, name: string, otherwise: number): number {
  const given = text(parameters, name);
  if (given === undefined || given === "") return otherwise;
  if (!/^[1-9]\d*$/.test(given))
    throw new Refusal("InvalidParameterValue", `${name} must be a positive number, got ${given}.`);
  return Number(given);
}

function filter(parameters: Parameters, context: Context): (task: StoredTask, settings: Settings) => boolean {
  const { workflows } = wedataState(context.state);
  const workflow = (task: StoredTask) => workflows.find((each) => each.WorkflowId === task.WorkflowId);
  const lists: [string, (task: StoredTask, settings: Settings) => string[]][] = [
    ["FolderIdList", (task) => [workflow(task)?.FolderId ?? ""]],
    ["WorkFlowIdList", (task) => [task.WorkflowId]],
    ["WorkFlowNameList", (task) => [workflow(task)?.WorkflowName ?? ""]],
    ["TaskNameList", (_, settings) => [settings.TaskName]],
    ["TaskIdList", (task) => [task.TaskId]],
    ["InChargeList", (_, settings) => [...settings.InChargeIds, ...settings.InCharge.split(";")]],
    ["TaskTypeIdList", (task) => [String(task.TaskType)]],
    ["StatusList", (task) => [task.Status]],
    ["TaskCycleUnitList", (_, settings) => [cycleLetter(settings.CycleType)]],
    ["ProductNameList", (task) => [task.ProductName]],
    ["SourceServiceId", (_, settings) => [settings.SourceServer]],
    ["TargetServiceId", (_, settings) => [settings.TargetServer]],
    ["ExecutorGroupIdList", (_, settings) => [settings.ResourceGroup]],
    [
      "InitStrategy",
      (_, settings) => [settings.InstanceInitStrategy, settings.InstanceInitStrategy.replace("+", "_PLUS_")],
    ],
    ["ScheduleTimeZone", (_, settings) => [settings.ScheduleTimeZone]],
  ];
  const wanted = lists.flatMap(([name, of]) => {
    const values = commaSeparated(parameters, name);
    return values ? [{ values, of }] : [];
  });
  const keyword = text(parameters, "KeyWord")?.toLowerCase();
  const black = texts(parameters, "BlackTaskIdList") ?? [];
  const priorities = texts(parameters, "RunPriorityList");
  return (task, settings) =>
    wanted.every(({ values, of }) => of(task, settings).some((value) => values.includes(value))) &&
    (!keyword || settings.TaskName.toLowerCase().includes(keyword) || task.TaskId === keyword) &&
    !black.includes(task.TaskId) &&
    (!priorities || priorities.includes(String(settings.RunPriority)));
}

export const DescribeTaskScript: Operation = (parameters, context) => {
  const task = taskOf(parameters, context);
  if (!task) return missing(context, text(parameters, "TaskId") ?? "", null);
  return { Data: { ScriptContent: task.settings.Content } };
};

/** One page of the script. Pages are cut from the base64 text: they must be joined before they are decoded. */
export const GetPaginationTaskScript: Operation = (parameters, context) => {
  const task = taskOf(parameters, context);
  if (!task) return missing(context, text(parameters, "TaskId") ?? "", []);
  const size = Number(position(context, "scriptPageCharacters"));
  const PageNum = amount(parameters, "PageNum") ?? 1;
  const PageTotal = Math.max(1, Math.ceil(task.settings.Content.length / size));
  if (PageNum < 1 || PageNum > PageTotal) {
    throw new Refusal("InvalidParameterValue", `PageNum must be between 1 and ${PageTotal}, got ${PageNum}.`);
  }
  return {
    Data: [
      {
        ProjectId: task.ProjectId,
        TaskId: task.TaskId,
        PageSize: size,
        PageNum,
        PageTotal,
        Base64ScriptContent: task.settings.Content.slice((PageNum - 1) * size, PageNum * size),
      },
    ],
  };
};

export const DescribeTaskParamDs: Operation = (parameters, context) => {
  if (text(parameters, "TaskId") === undefined) return { Data: [] };
  const task = taskOf(parameters, context);
  return task ? { Data: taskParameters(task) } : missing(context, text(parameters, "TaskId") ?? "", []);
};

/** How many submitted tasks there are per cycle: statistics, no read of a task. */
export const DescribeTaskByCycle: Operation = (parameters, context) => {
  const project = projectOf(parameters, context);
  const workflowId = text(parameters, "WorkflowId");
  const owner = text(parameters, "InCharge");
  const projectIds = texts(parameters, "ProjectIds") ?? [project.ProjectId];
  const groups = texts(parameters, "ResourceGroupIds");
  const types = texts(parameters, "TaskTypeIdList");
  const counted = count(context, (task, settings) =>
    projectIds.includes(task.ProjectId) &&
    (!workflowId || task.WorkflowId === workflowId) &&
    (!owner || settings.InCharge.split(";").includes(owner) || settings.InChargeIds.includes(owner)) &&
    (!groups || groups.includes(settings.ResourceGroup)) &&
    (!types || types.includes(String(task.TaskType)))
      ? `${task.ProjectId} ${cycleLetter(settings.CycleType)}`
      : undefined,
  );
  return {
    Data: counted.map(([key, Number]) => {
      const [ProjectId, CycleUnit] = key.split(" ");
      return { ProjectId, CycleUnit, Number };
    }),
  };
};

export const DescribeTaskByCycleReport: Operation = (parameters, context) => {
  const project = projectOf(parameters, context);
  const from = text(parameters, "StartTime") ?? "";
  const to = text(parameters, "EndTime") || "9999";
  const counted = count(context, (task, settings) => {
    const day = clock(task.FirstSubmitTime ?? task.CreateTime).slice(0, 10);
    const inside = task.ProjectId === project.ProjectId && day >= from.slice(0, 10) && day <= to.slice(0, 10);
    return inside ? `${day} ${task.Status} ${cycleLetter(settings.CycleType)}` : undefined;
  });
  return {
    Data: counted.map(([key, Count]) => {
      const [ReportTime, Status, CycleUnit] = key.split(" ");
      return { CountGroup: null, ShowTimeGroup: null, Status, CycleUnit, ReportTime, Count };
    }),
  };
};

function count(
  context: Context,
  keyOf: (task: StoredTask, settings: Settings) => string | undefined,
): [string, number][] {
  const counts = new Map<string, number>();
  for (const task of Object.values(wedataState(context.state).tasks)) {
    const key = task.submitted && keyOf(task, task.submitted.settings);
    if (key !== undefined) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].sort();
}
