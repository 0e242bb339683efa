/** Texts that somebody could send as a name or a message. */
export const hostileTexts = {
  markup: `<img src=x onerror="window.hacked=1">'"</script>`,
  long: `${"x".repeat(400)} \u202Eright to left\u202C ${"y ".repeat(120)}`,
  control: "\u001b[31mred\u0007 \u0000zero",
  link: "javascript:window.hacked=1",
} as const;
