import Foundation
import SimulatedQdrant
import TestSupport

/// Spoiled requests against the simulated server in process: any answer is good, and a crash, a
/// request that takes seconds, or memory without bounds is not.
package struct FuzzRun {
  private let folder: String
  private let requests: Int
  private let seconds: Double
  private let seed: UInt64
  /// The longest that a request may take, in seconds of the processor, under a sanitizer.
  private static let patience = 5.0

  /// The arguments: the folder of the recordings, how many requests, how many seconds there are
  /// for them, and a seed.
  package init(_ arguments: [String]) {
    func argument(_ place: Int) -> String? {
      arguments.indices.contains(place) ? arguments[place] : nil
    }
    folder = argument(0) ?? "Tests/Recordings"
    requests = argument(1).flatMap { Int($0) } ?? 1_000_000
    seconds = argument(2).flatMap { Double($0) } ?? 600
    seed = argument(3).flatMap { UInt64($0) } ?? 1
  }

  /// Prints counts, and ends with 1 when a request hung, memory grew, or nothing was sent.
  package func run() {
    guard let deck = try? RequestDeck(folder: folder), !deck.scenarios.isEmpty else {
      say("no recordings below \(folder)")
      exit(1)
    }
    var random = SeededRandom(seed)
    var mutation = Mutation()
    var statuses: [Int: Int] = [:]
    var sent = 0
    var slowest = (seconds: 0.0, request: "none")
    let begun = Date()
    var settled = 0
    while sent < requests, Date().timeIntervalSince(begun) < seconds {
      guard let scenario = deck.scenarios.randomElement(using: &random) else { break }
      let line = ServerLine.allCases.randomElement(using: &random)
      var server = SimulatedServer(
        settings: SimulatedSettings(
          version: line ?? .v1_18_3, environment: scenario.environment))
      for (number, request) in scenario.requests.enumerated() {
        let isSpoiled = random.chance(0.6)
        let asked = isSpoiled ? mutation.spoil(request, &random) : request
        let start = clock()
        let answer = server.handle(asked, now: 1_700_000_000 + Double(number))
        let spent = Double(clock() - start) / Double(CLOCKS_PER_SEC)
        if spent > slowest.seconds {
          let body = String(decoding: asked.body.prefix(200), as: UTF8.self)
          slowest = (spent, "\(asked.method) \(asked.target) \(body)")
        }
        if spent > FuzzRun.patience {
          say("\(spent) s: \(slowest.request)")
          exit(1)
        }
        guard isSpoiled else { continue }
        sent += 1
        statuses[answer.status, default: 0] += 1
      }
      if settled == 0, sent > 20_000 { settled = FuzzRun.memory }
    }
    let memory = FuzzRun.memory
    let shown = statuses.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
    say("\(sent) spoiled requests, 0 crashes; \(shown.joined(separator: ", "))")
    say("\(settled) KiB after 20,000, \(memory) KiB at the end")
    say("slowest, \(Int(slowest.seconds * 1000)) ms: \(slowest.request)")
    let isBounded = settled == 0 || memory < settled * 2
    if !isBounded { say("memory grows") }
    exit(isBounded && sent > 0 ? 0 : 1)
  }

  /// What the process holds in memory, in KiB.
  private static var memory: Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
    return line?.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) } ?? 0
  }

  private func say(_ line: String) {
    FileHandle.standardOutput.write(Data((line + "\n").utf8))
  }
}
