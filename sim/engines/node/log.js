// The log on standard error.
export const LEVELS = ['error', 'info', 'debug'];

export class Log {
  #who;
  #level;

  constructor(who, level) {
    this.#who = who;
    this.#level = LEVELS.indexOf(level);
    // A closed log is not a reason to end.
    process.stderr.on('error', () => {});
  }

  /** Whether lines are logged. Check it first, to avoid formatting text in vain. */
  get debugs() {
    return this.#level >= 2;
  }

  error(text) {
    this.#say('error', text);
  }
  warn(text) {
    if (this.#level >= 1) this.#say('warn', text);
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

// Replaces control characters, so that received bytes cannot move the cursor of a terminal.
function printable(text) {
  return text.replace(/[\0-\x1f\x7f-\xff]/g, (byte) => {
    return `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
}
