import Foundation

let arguments = CommandLine.arguments
if arguments.dropFirst().first == "tree" {
  try await TreeBenchmark(leaves: arguments.dropFirst(2).first.flatMap { Int($0) } ?? 10_000).run()
  exit(0)
}
guard arguments.count >= 4 else {
  print("usage: plan-benchmark URL FOLDER QDRANT-PLAN [COUNT…] | plan-benchmark tree [LEAVES]")
  exit(64)
}
let counts = arguments.dropFirst(4).compactMap { Int($0) }
for count in counts.isEmpty ? [1_000, 10_000] : counts {
  let folder = arguments[2] + "/\(count)"
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  try await Benchmark(
    workload: Workload(count: count), url: arguments[1], folder: folder, program: arguments[3]
  ).run()
}
