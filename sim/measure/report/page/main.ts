// Fills the places of figures in the page that herdsim wrote.
import { Context } from "./context";
import { readData } from "./data";
import { distributions, queries } from "./distributions";
import { el } from "./dom";
import { handovers } from "./handovers";
import { herds } from "./herds";
import { outcomes } from "./outcomes";
import { addSettings } from "./settings";
import { State } from "./state";
import { sweep } from "./sweep";
import { timeline } from "./timeline";
import { topology } from "./topology";
import { update } from "./update";

type Mount = (host: Element, context: Context) => void;
const FIGURES: Record<string, Mount> = {
  distributions, handovers, herds, outcomes, queries, sweep, timeline, topology, update,
};

async function start(): Promise<void> {
  const block = document.getElementById("data");
  if (!block) return;
  const context: Context = { data: await readData(block.textContent || ""), state: new State() };
  addSettings(context);
  document.querySelectorAll<HTMLElement>("[data-figure]").forEach((host) => {
    const mount = FIGURES[host.dataset.figure || ""];
    if (mount) mount(host, context);
  });
  // A link to a moment of a replay leads there.
  if (context.state.get("replay") !== "") document.querySelector(".replay")?.scrollIntoView();
  performance.mark("drawn");
  document.documentElement.dataset.ready = "yes";
}

start().catch((error) => {
  document.querySelectorAll(".needs-script").forEach((place) => {
    place.textContent = "The picture could not be drawn: " + error;
  });
  document.querySelector("main")?.prepend(el("p", { class: "missing" }, "The figures could not be drawn: " + error));
  document.documentElement.dataset.ready = "failed";
});
