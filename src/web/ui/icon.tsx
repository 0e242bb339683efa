const PATHS = {
  overview: "M3 13h6V3H3zm8 8h6V11h-6zM3 21h6v-5H3zM11 3v5h6V3z",
  graph:
    "M5 6.5a2.5 2.5 0 1 0 0-.1M15 4.500a2.500 2.500 0 1 0 0-.1M13 16.5a2.500 2.500 0 1 0 0-.1M7 5.700 15 4.500M6.400 8.300l7.200 6.500",
  agents: "M10 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM3 19c.8-3.400 3.600-5 7-5s6.200 1.600 7 5",
  traces: "M3 4h9M6 9h8M9 14h8M5 19h6",
  costs:
    "M10 2v17M14 5.500C13 4.500 11.700 4 10 4 7.800 4 6 5 6 7c0 4 8.500 2 8.500 6.500 0 2-1.800 3-4.500 3-2 0-3.500-.6-4.500-1.800",
  breakers: "M11 2 4 12h5l-1 7 8-11h-5z",
  failures: "M10 3 2 17h16zM10 8v4M10 14.500v.5",
  letters: "M3 5h14v11H3zM3 6l7 6 7-6",
  menu: "M3 5h14M3 10h14M3 15h14",
  copy: "M7 7h10v10H7zM4 13H3V3h10v1",
  plus: "M10 4v12M4 10h12",
  minus: "M4 10h12",
  fit: "M3 7V3h4M13 3h4v4M17 13v4h-4M7 17H3v-4",
  chevron: "m7 4 6 6-6 6",
  search: "M9 15A6 6 0 1 0 9 3a6 6 0 0 0 0 12zM13.500 13.500 18 18",
  close: "m5 5 10 10M15 5 5 15",
  sun: "M10 14a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM10 1v2M10 17v2M1 10h2M17 10h2M3.600 3.600l1.400 1.400M15 15l1.400 1.400M16.400 3.600 15 5M5 15l-1.400 1.400",
  moon: "M17 12A7.500 7.500 0 0 1 8 3a7.500 7.500 0 1 0 9 9z",
  auto: "M10 2a8 8 0 1 0 0 16zM10 2a8 8 0 0 1 0 16",
} as const;

export type IconName = keyof typeof PATHS;

/** Says nothing by itself: a text or a label stands beside it. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 20 21" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
