// The server's clock: POSIX time as two numbers, because a double cannot hold nanoseconds since 1970
// and a BigInt for every line is slow.
import { performance } from 'node:perf_hooks';

const CHECK_EVERY_MS = 1000;
const STEP_MS = 5;
const TOGETHER_MS = 1;

export class Clock {
  seconds = 0;
  nanos = 0;
  #baseSeconds = 0;
  #baseMs = 0; // the value of performance.now() at baseSeconds
  #checkAt = 0;

  /** Sets `seconds` and `nanos` to the current time. */
  read() {
    const ms = performance.now();
    if (ms >= this.#checkAt) this.#follow();
    const since = ms - this.#baseMs;
    const whole = Math.floor(since / 1000);
    this.seconds = this.#baseSeconds + whole;
    this.nanos = Math.floor((since - whole * 1000) * 1e6);
  }

  // performance.now() does not follow when the machine's clock is set.
  #follow() {
    let ms, wall;
    do {
      ms = performance.now();
      wall = Date.now();
    } while (performance.now() - ms > TOGETHER_MS); // the process was stopped in between
    const ours = this.#baseSeconds * 1000 + ms - this.#baseMs;
    if (Math.abs(wall - ours) > STEP_MS) {
      const origin = performance.timeOrigin + ms;
      const now = Math.abs(wall - origin) > STEP_MS ? wall : origin;
      this.#baseSeconds = Math.floor(now / 1000);
      this.#baseMs = ms - (now - this.#baseSeconds * 1000);
    }
    this.#checkAt = ms + CHECK_EVERY_MS;
  }
}
