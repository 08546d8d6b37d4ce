// Where the library's log lines go. Silent unless the application gives a logger.

/** `info`: one line per lifecycle step. `warn`: something failed that the library lives with. `debug`: messages. */
export interface Logger {
  debug(message: string, ...details: unknown[]): void;
  info(message: string, ...details: unknown[]): void;
  warn(message: string, ...details: unknown[]): void;
}

const nothing = (): void => {};

export const silentLogger: Logger = { debug: nothing, info: nothing, warn: nothing };

/** Writes to the browser's console; each line starts with `name`. */
export function consoleLogger(name = 'cardea'): Logger {
  return {
    debug: (message, ...details) => console.debug(`[${name}] ${message}`, ...details),
    info: (message, ...details) => console.info(`[${name}] ${message}`, ...details),
    warn: (message, ...details) => console.warn(`[${name}] ${message}`, ...details),
  };
}
