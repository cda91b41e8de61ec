import Foundation
import Testing

@testable import Commands

/// Every example does what its README says, on simulated servers inside the process.
@Suite struct ExampleTests {
  /// An example, copied to a folder of its own, with what its command lines need.
  private struct Example: Sendable, CustomTestStringConvertible {
    var name: String
    var environments: [String?] = [nil]

    var testDescription: String { name }
  }

  private static let examples = [
    Example(name: "01-first-plan"),
    Example(name: "02-one-tree", environments: ["dev", "staging", "prod"]),
    Example(name: "03-many-tenants"),
    Example(name: "04-code-index"),
  ]

  private static let folder =
    "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/examples"

  @Test func `Every example is one that is tried`() throws {
    let found = try FileManager.default.contentsOfDirectory(atPath: ExampleTests.folder)
    #expect(found.filter { !$0.hasPrefix(".") }.sorted() == ExampleTests.examples.map(\.name))
  }

  @Test(arguments: examples)
  private func `An example applies, and is in sync afterwards`(example: Example) async throws {
    let bench = try CommandBench(connects: true)
    let copy = bench.path(example.name)
    try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: true)
    let source = ExampleTests.folder + "/" + example.name
    for name in try FileManager.default.contentsOfDirectory(atPath: source)
    where name.hasSuffix(".yaml") {
      try FileManager.default.copyItem(atPath: "\(source)/\(name)", toPath: "\(copy)/\(name)")
    }
    for environment in example.environments {
      let words = [copy] + (environment.map { ["--environment", $0] } ?? [])
      let valid = await bench.run(PlanCommand.run, ["validate"] + words)
      #expect(valid.status == .success, "\(valid.output)\(valid.error)")
      #expect(valid.output.hasPrefix("Valid:"), "it has no warning: \(valid.output)")
      let apply = await bench.run(
        ApplyCommand.run, words + ["--yes", "--state", bench.path("state")])
      #expect(apply.status == .success, "\(apply.output)\(apply.error)")
      let plan = await bench.run(PlanCommand.run, words + ["--detailed-exitcode"])
      #expect(plan.status == .success, "\(plan.output)\(plan.error)")
    }
  }
}
