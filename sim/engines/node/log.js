// What is said on standard error.
export const LEVELS = ['error', 'info', 'debug'];

export class Log {
  #who;
  #level;

  constructor(who, level) {
    this.#who = who;
    this.#level = LEVELS.indexOf(level);
    // Nobody reads the log any more: that is no reason to end.
    process.stderr.on('error', () => {});
  }

  /** Asked before a line is logged, so that nothing is made up to be thrown away. */
  get debugs() {
    return this.#level >= 2;
  }

  error(text) {
    this.#say('error', text);
  }
  info(text) {
    if (this.#level >= 1) this.#say('info', text);
  }
  debug(text) {
    if (this.#level >= 2) this.#say('debug', text);
  }

  #say(level, text) {
    const time = new Date().toISOString();
    process.stderr.write(`${time} ${level} ${this.#who}: ${printable(text)}\n`, 'latin1');
  }
}

// What others send must not move the cursor of who reads the log.
function printable(text) {
  return text.replace(/[\0-\x1f\x7f-\xff]/g, (byte) => {
    return `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
}
