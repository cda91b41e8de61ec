import Diagnostics
import Foundation
import JSON
import Manifests
import Policies
import QdrantSchema
import ResourceModel
import Testing

/// A manifest that a rule is tried on, in `Fixtures`: `P001.fails.yaml`, `P001.passes.yaml`.
///
/// `#! P001 at "2"` on a line expects the finding there, with that text above its carets; a first
/// line `#observed {…}` says what was read and what would be done.
struct Fixture {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Fixtures")
  static let today = CivilDate("2026-11-25")

  let name: String
  let text: String

  init(_ name: String) throws {
    self.name = name
    text = try String(contentsOf: Fixture.folder.appending(path: name), encoding: .utf8)
  }

  /// Every expectation as `line code text`.
  var expected: [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().compactMap {
      number, line in
      guard let start = line.firstRange(of: "#! ") else { return nil }
      let words = line[start.upperBound...].components(separatedBy: " at ")
      let place = words[1].dropFirst().dropLast().replacingOccurrences(of: "\\\"", with: "\"")
      return "\(number + 1) \(words[0]) \(place)"
    }
  }

  /// The manifest, which has to be right but for its policy.
  static func load(_ text: String) throws -> LoadResult {
    let result = ManifestLoader.load(
      sources: [MemorySource(text)], schema: QdrantResources.schema.demanding(PolicyTable.specs),
      implicitCluster: ClusterDeclaration(name: "prod"))
    _ = try #require(result.state, "\(result.report.text())")
    return result
  }

  /// What the policies say of a text.
  static func report(_ text: String, today: CivilDate? = Fixture.today) throws -> PolicyReport {
    let state = try #require(try load(text).state)
    return PolicyEngine().report(
      state.policies, try input(state, text), today: try #require(today))
  }

  /// The findings in the form of expectations.
  static func found(_ text: String) throws -> [String] {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return try report(text).findings.map { finding in
      guard let span = finding.violation.span else { return "? \(finding.rule.code)" }
      let line = Array(lines[Int(span.line) - 1].unicodeScalars)
      let place = line[(Int(span.column) - 1)..<(Int(span.endColumn) - 1)]
      return "\(span.line) \(finding.rule.code) \(String(String.UnicodeScalarView(place)))"
    }
  }

  private static func input(_ state: DesiredState, _ text: String) throws -> PolicyInput {
    guard text.hasPrefix("#observed ") else { return PolicyInput(state) }
    let line = String(text.prefix { $0 != "\n" }.dropFirst(10))
    let json = try JSONParser.parse(line)
    let peers = json["peers"]?.array?.compactMap(\.string) ?? []
    let version = try #require(json["version"]?.string.flatMap { ServerVersion($0) })
    var live = ObservedCollection(
      name: "products",
      fields: [
        "shard_number": json["collection"]?["shards"] ?? 1,
        "vectors": ["dense": ["size": 768, "distance": "Cosine"]],
      ])
    live.pointsCount = json["collection"]?["points"]?.integer
    live.status = json["collection"]?["status"]?.string
    let cluster = ObservedCluster(
      identity: ClusterIdentity(version: version, isDistributed: peers.count > 1, peers: peers),
      collections: ["products": live])
    let changes = (json["changes"]?.array ?? []).map { change in
      PolicyInput.Change(
        .collection("products", cluster: "prod"),
        PolicyInput.Change.Action(rawValue: change["action"]?.string ?? "") ?? .update,
        rebuilds: change["rebuilds"]?.bool ?? false)
    }
    return PolicyInput(state, observed: ["prod": cluster], changes: changes)
  }
}
