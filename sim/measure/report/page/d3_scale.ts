// The scales that the page uses. The index of d3-scale would bring those of dates and colours too.
export type { ScaleLinear, ScaleLogarithmic } from "d3-scale";
export { default as scaleLinear } from "d3-scale/src/linear";
export { default as scaleLog } from "d3-scale/src/log";
export { point as scalePoint } from "d3-scale/src/band";
