/**
 * Loaded before a program of an image: its standard input is a pipe from the runtime, which closes when the runtime dies, however it
 * dies. Without this, a server would outlive a killed runtime. The pipe does not keep a program running that has finished.
 */
process.stdin.on('end', () => process.exit(1));
process.stdin.resume();
process.stdin.unref();
