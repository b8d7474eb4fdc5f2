import type { Emulator } from "../../emulator/index";
import type { StackValues } from "../../scripts/engine-stack";

/** Stack configuration that points both clouds at an emulator; the keys as secrets. */
export const cloudsAt = (emulator: Emulator): Required<StackValues> => ({
  config: {
    "dataworks:endpoint": emulator.dataworks,
    "dataworks:region": "cn-shanghai",
    "wedata:endpoint": emulator.wedata,
    "wedata:region": "ap-guangzhou",
  },
  secretConfig: {
    "dataworks:accessKeyId": emulator.accessKeyId,
    "dataworks:accessKeySecret": emulator.accessKeySecret,
    "wedata:secretId": emulator.secretId,
    "wedata:secretKey": emulator.secretKey,
  },
});
