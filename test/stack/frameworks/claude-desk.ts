import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type ClaudeAgentOptions,
  type ClaudeQueryFunction,
  traceClaudeAgent,
} from "../../../src/frameworks/claude-agent-sdk/index.ts";
import type { ScriptedProvider } from "../../../src/testing/scripted-provider.ts";
import { BILLING, CLAUDE, RESEARCHER } from "../../frameworks/support/scene.ts";
import { installFrameworks, load } from "./packages.ts";

installFrameworks();

/** What the tests use of the SDK. */
export interface Query extends AsyncGenerator<Message, void, unknown> {
  interrupt(): Promise<unknown>;
  close(): void;
}

export interface Message {
  readonly type: string;
  readonly subtype?: string;
  readonly total_cost_usd?: number;
}

/** As the SDK gives them. */
interface SpawnOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string | undefined;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

type QueryFunction = (params: { readonly prompt: unknown; readonly options: object }) => Query;

const PACKAGE = "@anthropic-ai/claude-agent-sdk/sdk.mjs";
export const sdk = await load<{
  query: QueryFunction & ClaudeQueryFunction;
  createSdkMcpServer: (options: object) => unknown;
  tool: (name: string, description: string, schema: object, handler: () => Promise<object>) => unknown;
}>(PACKAGE);

/** How often the CLI asks again by itself when the provider is out of order. */
export const RETRIES = 1;

/** A home of its own for the CLI, which asks the scripted provider and nobody else. */
export class ClaudeDesk {
  readonly home: string = mkdtempSync(join(tmpdir(), "agent-otel-claude-"));
  readonly #provider: ScriptedProvider;
  readonly #processes: ChildProcess[] = [];

  constructor(provider: ScriptedProvider) {
    this.#provider = provider;
  }

  /** The CLI is a real process. */
  query(options: object = {}, prompt: unknown = "Otters?", traced: ClaudeAgentOptions = {}): Query {
    const query = traceClaudeAgent(sdk.query, { name: RESEARCHER, ...traced });
    return query({ prompt, options: { ...this.#options(), ...options } });
  }

  /** A CLI that was broken off writes for a moment longer. */
  async close(): Promise<void> {
    for (const child of this.#processes)
      if (child.exitCode === null && child.signalCode === null) {
        const exited = once(child, "exit");
        child.kill("SIGKILL");
        await exited;
      }
    rmSync(this.home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }

  #spawn({ command, args, cwd, env, signal }: SpawnOptions): ChildProcess {
    const child = spawn(command, args, { cwd, env, signal, stdio: ["pipe", "pipe", "ignore"] });
    this.#processes.push(child);
    return child;
  }

  #options(): object {
    return {
      model: CLAUDE,
      cwd: this.home,
      permissionMode: "bypassPermissions",
      allowDangerouslySkipPermissions: true,
      settingSources: [],
      spawnClaudeCodeProcess: (options: SpawnOptions) => this.#spawn(options),
      agents: { [BILLING]: { description: "Knows invoices.", prompt: "Be brief.", model: "inherit" } },
      env: {
        PATH: process.env["PATH"],
        HOME: this.home,
        ANTHROPIC_BASE_URL: this.#provider.anthropicBaseUrl,
        ANTHROPIC_API_KEY: "none",
        CLAUDE_CODE_TMPDIR: this.home,
        CLAUDE_CODE_MAX_RETRIES: String(RETRIES),
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
        DISABLE_AUTOUPDATER: "1",
        DISABLE_ERROR_REPORTING: "1",
        DISABLE_TELEMETRY: "1",
        IS_SANDBOX: "1",
      },
    };
  }
}

/** All messages, in order. */
export async function read(query: Query): Promise<readonly Message[]> {
  const messages: Message[] = [];
  for await (const message of query) messages.push(message);
  return messages;
}
