import FuzzBench

FuzzRun(Array(CommandLine.arguments.dropFirst())).run()
