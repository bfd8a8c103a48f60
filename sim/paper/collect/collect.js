// Loaded before the Node.js engine, with --expose-gc: SIGUSR2 collects garbage.
process.on('SIGUSR2', () => {
  globalThis.gc();
  process.stdout.write('collected\n');
});
