import { type Builder, StackError } from "./part.ts";

/** @returns Where Go keeps the sources of a module, such as `github.com/a/b@v1.2.3`, which it fetches now when they are missing. */
export async function moduleFolder(go: Builder["go"], cwd: string, module: string): Promise<string> {
  const json = await go(cwd, "mod", "download", "-json", module);
  const answer: unknown = JSON.parse(json);
  if (typeof answer === "object" && answer !== null && "Dir" in answer && typeof answer.Dir === "string") {
    return answer.Dir;
  }
  throw new StackError(`go mod download did not say where ${module} is: ${json}`);
}
