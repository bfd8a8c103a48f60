// The data and the choices of the reader, which every figure gets.
import { Data } from "./data";
import { State } from "./state";

export interface Context { data: Data; state: State }

// The herd that the reader looks at: the first one if none was chosen.
export function chosenHerd({ data, state }: Context): string {
  const chosen = state.get("herd");
  return data.herds.includes(chosen) ? chosen : data.herds[0] || "";
}
