"use strict";
// One resource of this package per task.
const { DataWorksDISyncTask, DataWorksTask, WeDataTask } = require("pulumi-data-tasks");
const tasksOf = require("./arguments");

const classes = { wedata: WeDataTask, sync: DataWorksDISyncTask };

module.exports = (plan) => {
  for (const { name, shape, args } of tasksOf(plan)) new (classes[shape] ?? DataWorksTask)(name, args);
};
