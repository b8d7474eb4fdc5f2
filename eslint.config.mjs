import js from "@eslint/js";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

const node = Object.fromEntries(
  ["__dirname", "__filename", "Buffer", "clearInterval", "clearTimeout", "console", "exports", "module", "process"]
    .concat(["require", "setInterval", "setTimeout"])
    .map((name) => [name, "readonly"]),
);

export default defineConfig(
  { ignores: ["dist/", "**/node_modules/", "**/*.gen.ts", ".engine/", ".state/"] },
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  js.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "separate-type-imports" }],
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      // An interface of hooks is asynchronous although one implementation may have nothing to wait for.
      "@typescript-eslint/require-await": "off",
      eqeqeq: "error",
      "no-console": "off",
    },
  },
  {
    files: ["emulator/**/*.ts", "tests/**/*.ts"],
    // What arrives at the emulator is JSON of any shape, and it answers with its text.
    rules: { "@typescript-eslint/no-base-to-string": "off" },
  },
  {
    files: ["tests/**/*.ts"],
    rules: {
      // Tests take answers apart whose shape is what they assert.
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-argument": "off",
    },
  },
  {
    files: ["provider/core/**/*.ts", "provider/resources/**/*.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            { group: ["@pulumi/*", "**/emulator/**", "**/sdk/**"], message: "Arrows point one way (design)." },
          ],
        },
      ],
    },
  },
  {
    files: ["emulator/**/*.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            { group: ["**/provider/**", "**/sdk/**"], message: "The emulator shares no code with the provider." },
          ],
        },
      ],
    },
  },
  {
    files: ["**/*.js", "**/*.cjs"],
    languageOptions: { sourceType: "commonjs", globals: node },
    rules: { eqeqeq: "error" },
  },
);
