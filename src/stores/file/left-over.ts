import { join } from "node:path";
import { lstat, rm } from "../../internal/late-files.ts";
import { isAbsent, namesIn } from "./folders.ts";

/** What nobody has finished for so long is of a process that has ended. One that was only held up finds that out as if another had its folder. */
const LEFT_OVER_MS = 3_600_000;

/** Removes what is in a folder for an hour or more. @param names Of what may be left over. */
export async function removeLeftOver(folder: string, nowMs: number, names = /./): Promise<void> {
  for (const name of (await namesIn(folder)).filter((each) => names.test(each))) {
    const path = join(folder, name);
    try {
      const { mtimeMs } = await lstat(path);
      if (nowMs - mtimeMs >= LEFT_OVER_MS) await rm(path, { recursive: true, force: true });
    } catch (error) {
      if (!isAbsent(error)) throw error;
    }
  }
}
