import Execution
import InProcessTransport
import JSON
import LawBench
import Planning
import QdrantProvider
import QdrantSchema
import ResourceModel
import Secrets
import SimulatedQdrant
import Testing

/// Whatever single field a server drops silently, the apply notices, and says which.
@Suite struct IgnoredFieldTests {
  /// Rows that a 1.18.3 takes; what cannot be left out of a request is not silently ignored.
  static func rows(_ kind: ResourceKind) -> [Int] {
    let version = ServerVersion(1, 18, 3)
    let rows = QdrantResources.schema.kinds[kind]?.rows ?? []
    return rows.indices.filter { index in
      let row = rows[index]
      let isKnown =
        row.since.map { $0 <= version } ?? true && row.removedIn.map { version < $0 } ?? true
      return isKnown && row.presence == .optional && row.type != .object && !isWord(row.type)
    }
  }

  private static func isWord(_ type: ValueType) -> Bool {
    if case .word = type { return true }
    return false
  }

  @Test(arguments: rows(.collection))
  func `A field of a collection that is dropped silently is reported with its place`(
    index: Int
  ) async throws {
    try await check(.collection, index)
  }

  @Test(arguments: rows(.index))
  func `A field of an index that is dropped silently is reported with its place`(
    index: Int
  ) async throws {
    try await check(.index, index)
  }

  private func check(_ kind: ResourceKind, _ index: Int) async throws {
    let row = try #require(QdrantResources.schema.kinds[kind]?.rows[index])
    var reported = 0
    for seed in UInt64(0)..<3_000 where reported < 2 {
      var random = RandomCollections(seed: seed)
      random.density = 0.2
      let collection = random.collection("one")
      let resources = [collection] + collection.children
      let field = resources.filter { $0.address.kind == kind }.flatMap(\.fields)
        .first { $0.row == index }
      guard let field else { continue }
      if try await isReported(field, row, kind, collection) { reported += 1 }
    }
    #expect(reported > 0, "no generated value of \(row.path) differs from what is there without it")
  }

  /// False when the value is what the server has anyway, so that dropping it changes nothing.
  private func isReported(
    _ field: DesiredField, _ row: FieldSpec, _ kind: ResourceKind, _ collection: DesiredResource
  ) async throws -> Bool {
    let names = row.path.names(in: field.path) ?? []
    let patterns = [row.wire?.create, row.wire?.update].compactMap { $0 }
    var paths = patterns.map { pattern in
      let path = pattern.path(names: names)
      return kind == .index
        ? FieldPath([ExactString("field_schema")] + path.segments) : path
    }
    // The unnamed vector stands without a name in a create request.
    paths += paths.map { path in FieldPath(path.segments.filter { !$0.string.isEmpty }) }
    let memory = InMemoryEndpoint(Bench.freshServer())
    let bench = Bench(IgnoringEndpoint(inner: memory, paths: paths))
    let plan = try await bench.plan([collection])
    let (outcome, _) = await bench.apply(plan.steps)
    if outcome == .applied {
      let rest = try await bench.plan([collection])
      try #require(rest.isEmpty, "applied, and not in effect: \(row.path)")
      return false
    }
    // A failed apply goes back by itself.
    #expect(outcome.state == .rolledBack, "\(row.path): \(outcome)")
    #expect(try await bench.observe().collections.isEmpty)
    // What is left without the field may be refused: that is no silence.
    if outcome.cause(.rejected)?.message.contains(" 400 ") ?? false { return true }
    guard let cause = outcome.cause(.notInEffect) else {
      Issue.record("\(row.path): \(outcome)")
      return false
    }
    let facts = cause.facts
    let step = try #require(plan.steps.first { $0.id == cause.step })
    #expect(facts.contains { $0.fact.path == field.path }, "\(row.path): \(facts)")
    let reason = step.reasons.first { $0.path == field.path }
    #expect(reason?.position == Bench.place, "\(row.path) has its place")
    return true
  }
}
