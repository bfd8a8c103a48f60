// The choices that hold for the whole page: the herd and the colours.
import { button, el, select, setSelect } from "./dom";
import { chosenHerd, Context } from "./context";

// Whether the reader wants nothing to glide.
export function isStill(): boolean { return matchMedia("(prefers-reduced-motion: reduce)").matches; }

function themeButton(): HTMLButtonElement {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (document.documentElement.dataset.theme || (dark.matches ? "dark" : "light")) === "dark";
  const say = () => { toggle.textContent = isDark() ? "Light colours" : "Dark colours"; };
  const toggle = button("", () => {
    document.documentElement.dataset.theme = isDark() ? "light" : "dark";
    say();
  }, { id: "theme" });
  dark.addEventListener("change", say);
  say();
  return toggle;
}

// The address holds the state, so a link to a part of the page must not replace it.
function keepState(): void {
  document.addEventListener("click", (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>('a[href^="#"]');
    const part = link && document.getElementById(link.hash.slice(1));
    if (!part) return;
    event.preventDefault();
    part.tabIndex = -1;
    part.focus({ preventScroll: true });
    part.scrollIntoView();
  });
}

export function addSettings(context: Context): void {
  const place = document.getElementById("settings");
  if (!place) return;
  keepState();
  place.append(themeButton());
  if (context.data.herds.length < 2) return;
  const herds = context.data.herds.map((each) => ({ value: each, label: each }));
  const choice = select("Herd", herds, chosenHerd(context), (herd) => context.state.set({ herd }));
  choice.title = "The herd that the figures for one herd show";
  context.state.on(() => setSelect(choice, chosenHerd(context)));
  place.prepend(choice, el("span"));
}
