import { PolicyPack } from "@pulumi/policy";
import { taskPolicies } from "pulumi-data-tasks/policy";

// The file that `data-tasks review --policy` reads, too.
new PolicyPack("data-tasks", { policies: taskPolicies("policy.yaml") });
