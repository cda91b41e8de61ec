import Commands
import Foundation
import InProcessTransport
import JSON
import SimulatedQdrant
import Testing

/// Plan files that are not what was written, or not for what is there now.
@Suite struct PlanFileTests {
  private static let small = "kind: Collection\nname: a\nvectors: {size: 2, distance: Dot}\n"

  /// A bench with a stored plan.
  private func planned(_ bench: CommandBench) async throws -> [UInt8] {
    try bench.write(PlanFileTests.small)
    let plan = await bench.plan(bench.folder, "--out", bench.path("plan.json"))
    #expect(plan.status == .success, "\(plan.output)")
    bench.transport.forgetExchanges()
    return Array(try Data(contentsOf: URL(fileURLWithPath: bench.path("plan.json"))))
  }

  private func store(_ bytes: some Collection<UInt8>, _ bench: CommandBench) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: bench.path("bad.json")))
  }

  /// Damages every byte of a part of the file (`part` of 8), and gives what each became to
  /// `qdrant-plan show`; every 53rd goes through `qdrant-apply`, too, which takes longer.
  private func expectRefused(
    part: Int, _ damage: ([UInt8], Int) -> ArraySlice<UInt8>
  ) async throws {
    let bench = try CommandBench()
    let bytes = try await planned(bench)
    for index in bytes.indices where index * 8 / bytes.count == part {
      try store(damage(bytes, index), bench)
      let show = await bench.plan("show", bench.path("bad.json"))
      #expect(show.status == .refused, "byte \(index): \(show.output)")
      #expect(!show.error.isEmpty)
      guard index % 53 == 0 else { continue }
      let apply = await bench.apply(bench.path("bad.json"), "--yes")
      // Cut to nothing, or damaged where it begins, it is taken for a manifest, and is none.
      let isRefused = [.refused, .invalidManifests].contains(apply.status)
      #expect(isRefused, "byte \(index): \(apply.status) \(apply.output)\(apply.error)")
    }
    #expect(bench.transport.exchanges.isEmpty)
  }

  @Test(arguments: 0..<8)
  func `Every flipped byte is refused, and nothing is sent`(part: Int) async throws {
    try await expectRefused(part: part) { bytes, index in
      var flipped = bytes
      flipped[index] ^= 1 << UInt8(index % 8)
      return flipped[...]
    }
  }

  @Test(arguments: 0..<8)
  func `Every truncation is refused, and nothing is sent`(part: Int) async throws {
    try await expectRefused(part: part) { bytes, index in bytes[..<index] }
  }

  @Test func `Every addition is refused`() async throws {
    let bench = try CommandBench()
    let bytes = try await planned(bench)
    for tail in ["\n", " ", "\u{0}", "{}", "x"] {
      try store(bytes + tail.utf8, bench)
      let apply = await bench.apply(bench.path("bad.json"), "--yes")
      #expect(apply.status == .refused, "\(apply.error)")
    }
    #expect(bench.transport.exchanges.isEmpty)
  }

  @Test(arguments: [
    ("\"format\": 1", "\"format\": 2", "the plan has format 2; this version reads format 1"),
    ("\"size\"", "\"sizes\"", "the digest of the section 'essence' does not match"),
    ("\"tool_version\": \"", "\"tool_version\": \"9", "the digest of the section 'origin'"),
    ("\"made_by\"", "\"extra\": 1, \"made_by\"", "malformed at the top level"),
  ])
  func `An edited plan is refused with the reason`(
    old: String, new: String, words: String
  ) async throws {
    let bench = try CommandBench()
    let text = String(decoding: try await planned(bench), as: UTF8.self)
    #expect(text.contains(old), "\(text)")
    try store(text.replacing(old, with: new, maxReplacements: 1).utf8, bench)
    let apply = await bench.apply(bench.path("bad.json"))
    #expect(apply.status == .refused)
    #expect(apply.error.contains(words), "\(apply.error)")
    #expect(bench.transport.exchanges.isEmpty)
  }

  @Test(arguments: [
    ("/", "1.18.3", "1.18.2", "the plan saw version 1.18.3, and the server is 1.18.2; plan again"),
    (
      "/cluster", "\"disabled\"",
      "\"enabled\",\"peer_id\":7,\"peers\":{\"7\":{\"uri\":\"http://x:6335/\"}}",
      "the plan saw another cluster (other peers); plan again"
    ),
  ])
  func `Another server than the plan saw makes it stale`(
    target: String, old: String, new: String, words: String
  ) async throws {
    let (bench, endpoint) = try CommandBench.rewriting()
    _ = try await planned(bench)
    endpoint.alter { request, response in
      guard request.target == target else { return }
      let text = String(decoding: response.body, as: UTF8.self)
      response.body = Array(text.replacing(old, with: new).utf8)
    }
    let apply = await bench.apply(bench.path("plan.json"))
    #expect(apply.status == .stale, "\(apply.error)")
    #expect(apply.error.contains(words), "\(apply.error)")
    #expect(bench.transport.mutations.isEmpty)
    #expect(bench.live("a") == nil)
  }

  @Test func `A plan that is not there, or is a folder or a pipe, is usage`() async throws {
    let bench = try CommandBench()
    let show = await bench.plan("show", bench.path("none.json"))
    #expect(show.status == .usage)
    #expect(show.error.contains("is not a file that can be read"))
    #expect(await bench.plan("show", bench.folder).status == .usage)
    #expect(await bench.plan("show", "/dev/zero").status == .usage)
    try store("{}".utf8, bench)
    let other = await bench.plan("show", bench.path("bad.json"))
    #expect(other.status == .refused)
    #expect(other.error.contains("was not made by qdrant-plan"))
  }
}
