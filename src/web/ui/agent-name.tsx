import { agentColor } from "../color/agent-color.ts";
import { useHref } from "../router/use-route.ts";

/** The dot of an agent in its colour. */
export function AgentDot({ name }: { readonly name: string }) {
  const { light, dark } = agentColor(name);
  return <span class="dot" style={{ "--light": light, "--dark": dark }} aria-hidden="true" />;
}

/** An agent with its colour, leading to its view. The name is the program's text, and may write from the right. */
export function AgentLink({ name }: { readonly name: string }) {
  const href = useHref();
  return (
    <a class="agent" href={href(["agents", name])} title={name}>
      <AgentDot name={name} />
      <bdi>{name}</bdi>
    </a>
  );
}
