import path from "node:path";
import type { Emulator } from "../../emulator/index";
import { root } from "../setup.js";

/** Made up, and given to the emulator in place of random ones: a recording holds them in plain text. */
export const KEYS = {
  alibaba: { id: "recorded-access-key", secret: "recorded-access-key-secret" },
  alibabaTemporary: { id: "recorded-temporary", secret: "recorded-temporary-secret", token: "recorded-token" },
  tencent: { id: "recorded-secret-id", secret: "recorded-secret-key" },
  tencentTemporary: { id: "recorded-temporary-id", secret: "recorded-temporary-key", token: "recorded-token" },
};
export const PASSWORD = "recorded-password";
/** One folder for each recording, beside the program that all of them were made with. */
export const STATES = path.join(root, "tests", "fixtures", "states");
export const PROGRAM = path.join(STATES, "program");

/** The configuration of the program for an emulator. */
export const settingsOf = (emulator: Emulator, adopt: Record<string, string>, step: number) => ({
  config: {
    "dataworks:endpoint": emulator.dataworks,
    "dataworks:region": "cn-shanghai",
    "wedata:endpoint": emulator.wedata,
    "wedata:region": "ap-guangzhou",
    "states:step": String(step),
    "states:places": JSON.stringify({
      projectId: emulator.projectId,
      legacyProjectId: emulator.legacyProjectId,
      wedataProjectId: emulator.wedataProjectId,
      wedataWorkflowId: emulator.wedataWorkflowId,
      adopt,
    }),
  },
  secretConfig: {
    "dataworks:accessKeyId": emulator.accessKeyId,
    "dataworks:accessKeySecret": emulator.accessKeySecret,
    "wedata:secretId": emulator.secretId,
    "wedata:secretKey": emulator.secretKey,
    "states:password": PASSWORD,
  },
});
