import CrashBench

await KillSweep(Array(CommandLine.arguments.dropFirst())).run()
