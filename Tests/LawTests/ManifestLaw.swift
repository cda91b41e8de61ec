import Diagnostics
import Execution
import JSON
import LawBench
import Manifests
import Planning
import QdrantSchema
import ResourceModel
import TestSupport
import Testing

/// What is written in files, in whatever order, is what is planned.
@Suite struct ManifestLaw {
  /// A manifest that says what a collection asks for; JSON is YAML, too.
  private func manifest(_ collection: DesiredResource) -> String {
    var object: JSONObject = [
      "kind": "Collection", "name": .string(collection.address.collection.string),
      "vectors": [:],
    ]
    for element in collection.elements { set([:], at: element.path, in: &object) }
    for field in collection.fields { set(field.value, at: field.path, in: &object) }
    var indexes = JSONObject()
    for child in collection.children where child.address.kind == .index {
      var index = JSONObject()
      for field in child.fields { index.set(field.value, at: field.path) }
      indexes[child.address.name.string] = .object(index)
    }
    object["payload_indexes"] = .object(indexes)
    object["aliases"] = .array(
      collection.children.filter { $0.address.kind == .alias }
        .map { .string($0.address.name.string) })
    return JSONValue.object(object).text(.indented)
  }

  /// The unnamed vector stands without a name; a marker says nothing beside its members.
  private func set(_ value: JSONValue, at path: FieldPath, in object: inout JSONObject) {
    let plain = FieldPath(path.segments.filter { !$0.string.isEmpty })
    if value == [:], object.value(at: plain) != nil { return }
    object.set(value, at: plain)
  }

  private func id(_ files: [String], _ observed: ObservedCluster) throws -> String {
    let cluster = "kind: Cluster\nname: c\nurl: http://127.0.0.1:6333\n"
    let texts = (files + [cluster]).enumerated().map { index, text in
      (path: "manifests/\(index).yaml", bytes: Array(text.utf8))
    }
    let result = ManifestLoader.load(
      sources: [MemorySource(texts)], schema: QdrantResources.schema)
    let state = try #require(result.state, "\(result.report.text())")
    return id(state, observed)
  }

  private func id(_ state: DesiredState, _ observed: ObservedCluster) -> String {
    let planner = Planner(schema: QdrantResources.schema, locate: { _ in nil })
    return PlanFile.id(
      of: planner.plan(state, readings: ["c": .observed(observed, endpoint: "here")]))
  }

  @Test(arguments: ConvergenceLaws.slices)
  func `Law 3: files and documents in any order give the plan that is meant`(
    seeds: Range<UInt64>
  ) async throws {
    for seed in seeds {
      let (first, second) = ConvergenceLaws.pair(seed: seed)
      var random = SeededRandom(seed ^ 0xF11E)
      let bench = Bench()
      // Every other case is planned against what is there already.
      if seed.isMultiple(of: 2) {
        let outcome = await bench.apply(try await bench.plan(first).steps).outcome
        try #require(outcome == .applied, "seed \(seed): \(outcome)")
      }
      let observed = try await bench.observe()
      let documents = second.map(manifest)
      let apart = try id(documents.shuffled(using: &random), observed)
      let together = try id(
        [documents.shuffled(using: &random).joined(separator: "\n---\n")], observed)
      let meant = id(bench.state(second), observed)
      try #require(apart == together, "seed \(seed)")
      try #require(apart == meant, "seed \(seed)")
    }
  }
}
