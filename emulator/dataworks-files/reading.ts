import { parse, stringify } from "lossless-json";
import { Refusal } from "../service";
import type { Context, Operation } from "../service";
import { amount, commaSeparated, flag, isRecord, parsedJson, text } from "../given";
import { done, fileOf, filesState, folderId, missing, workspaceOf } from "./file";
import type { StoredFile } from "./file";
import { position } from "./switches";

export const GetFile: Operation = (parameters, context) => {
  const file = asShown(fileOf(parameters, context), context);
  const gone = position(context, "missingFile");
  if (!file || (file.DeletedStatus !== "NORMAL" && gone !== "recycle-bin")) {
    return gone === "null" ? { ...done, Data: { File: null, NodeConfiguration: null } } : missing(parameters, context);
  }
  return {
    ...done,
    Data: {
      File: {
        ...described(file, context),
        AdvancedSettings: "",
        Content: content(file, context),
        DeletedStatus: file.DeletedStatus,
      },
      NodeConfiguration: configuration(file, context),
      ResourceDownloadLink: { downloadLink: "" },
    },
  };
};

/** The file, or for some time after a change the file as it was. */
function asShown(file: StoredFile | undefined, context: Context): StoredFile | undefined {
  const former = file && filesState(context.state).formerFiles?.[file.FileId];
  return former && context.now() < former.until ? former.file : file;
}

const otherWords: Readonly<Record<string, string>> = {
  ALL_ALLOWED: "AllAllowed",
  FAILURE_ALLOWED: "FailureAllowed",
  ALL_DENIED: "AllDenied",
};
const parameterTypes = ["Constant", "Variable", "PassThrough"];

/** The schedule, in the documented words or in others. */
function configuration({ NodeConfiguration }: StoredFile, context: Context): object {
  const shown = structuredClone(NodeConfiguration);
  if (position(context, "fileWords") !== "other") return shown;
  return {
    ...shown,
    RerunMode: otherWords[shown.RerunMode] ?? shown.RerunMode,
    Stop: String(shown.Stop),
    OutputParameters: shown.OutputParameters.map((each) => ({
      ...each,
      Type: parameterTypes[Number(each["Type"]) - 1] ?? each["Type"],
    })),
  };
}

export const ListFiles: Operation = (parameters, context) => {
  const workspace = workspaceOf(parameters, context);
  const ids = commaSeparated(parameters, "FileIdIn");
  if (ids && ids.length > 50) throw new Refusal("InvalidFileIdIn", "FileIdIn must not have more than 50 file ids.");
  const pageNumber = amount(parameters, "PageNumber") ?? 1;
  const pageSize = amount(parameters, "PageSize") ?? 10;
  if (pageSize < 1 || pageSize > 100) throw new Refusal("InvalidPageSize", "PageSize must be between 1 and 100.");
  if (pageNumber < 1) throw new Refusal("InvalidPageNumber", "PageNumber must be at least 1.");
  const types = commaSeparated(parameters, "FileTypes");
  const keyword = text(parameters, "Keyword")?.toLowerCase();
  const exactly: [string, (file: StoredFile) => string | undefined][] = [
    ["ExactFileName", (file) => file.FileName],
    ["FileFolderPath", (file) => file.FileFolderPath],
    ["LastEditUser", (file) => file.LastEditUser],
    ["NodeId", (file) => file.NodeId],
    ["Owner", (file) => file.Owner],
    ["UseType", () => "NORMAL"],
  ];
  const wanted = exactly.flatMap(([name, of]) => {
    const value = text(parameters, name);
    return value ? [(file: StoredFile) => of(file) === value] : [];
  });
  const files = filesState(context.state).files;
  const candidates = ids ? ids.flatMap((id) => files[id] ?? []) : Object.values(files);
  const found = candidates.filter(
    (file) =>
      file.ProjectId === workspace.Id &&
      file.DeletedStatus === "NORMAL" &&
      file.TaskType !== "DI_SOLUTION" &&
      (!types || types.includes(String(file.FileType))) &&
      (!keyword || file.FileName.toLowerCase().includes(keyword)) &&
      wanted.every((matches) => matches(file)),
  );
  const page = found.slice((pageNumber - 1) * pageSize, pageNumber * pageSize);
  return {
    ...done,
    Data: {
      PageNumber: pageNumber,
      PageSize: pageSize,
      TotalCount: found.length,
      Files: page.map((file) => ({
        ...described(file, context),
        ...(flag(parameters, "NeedContent") && { Content: content(file, context) }),
        ...(flag(parameters, "NeedAbsoluteFolderPath") && { AbsoluteFolderPath: file.FileFolderPath }),
      })),
    },
  };
};

/** What both reads tell of a file. TaskParam is in neither: the service does not give it back. */
function described(file: StoredFile, context: Context): object {
  return {
    AutoParsing: false,
    BizId: "1000001",
    BusinessId: "1000001",
    CommitStatus: file.CommitStatus,
    ConnectionName: "",
    CreateTime: file.CreateTime,
    CreateUser: file.CreateUser,
    CurrentVersion: file.CurrentVersion,
    FileDescription: file.FileDescription,
    FileFolderId: folderId(context, file.ProjectId, file.FileFolderPath),
    FileId: file.FileId,
    FileName: file.FileName,
    FileType: file.FileType,
    IsMaxCompute: false,
    LastEditTime: file.LastEditTime,
    LastEditUser: file.LastEditUser,
    ...(file.NodeId !== undefined && { NodeId: file.NodeId }),
    Owner: file.Owner,
    ParentId: "-1",
    UseType: "NORMAL",
  };
}

/** The script: byte for byte, or serialised anew with what a service might add to it. */
function content(file: StoredFile, context: Context): string {
  if (position(context, "fileContentNormalised") !== true) return file.Content;
  if (!isRecord(parsedJson(file.Content))) return file.Content;
  // Long integers keep their digits, as they do in the service.
  const parsed = parse(file.Content) as Record<string, unknown>;
  const sorted = Object.fromEntries(Object.entries(parsed).sort(([a], [b]) => (a < b ? -1 : 1)));
  const extend = isRecord(sorted["extend"]) ? sorted["extend"] : {};
  const steps = Array.isArray(sorted["steps"])
    ? { steps: sorted["steps"].map((step: unknown) => (isRecord(step) ? { displayName: "", ...step } : step)) }
    : {};
  const whole = { ...sorted, ...steps, extend: { mode: "code", resourceGroup: "", ...extend } };
  return stringify(whole, null, 2) ?? file.Content;
}
