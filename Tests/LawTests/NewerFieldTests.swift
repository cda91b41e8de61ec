import JSON
import LawBench
import Planning
import QdrantSchema
import ResourceModel
import SimulatedQdrant
import Testing

/// What a server line does not know is refused in the plan, field by field, and not sent.
@Suite struct NewerFieldTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var line: ServerLine
    var kind: ResourceKind
    var row: Int
    var testDescription: String {
      let path = QdrantResources.schema.kinds[kind]?.rows[row].path.description ?? ""
      return "\(line.rawValue) \(kind.rawValue) \(path)"
    }
  }

  static let cases = ServerLine.allCases.flatMap { line in
    [ResourceKind.collection, .index].flatMap { kind -> [Case] in
      let rows = QdrantResources.schema.kinds[kind]?.rows ?? []
      return rows.indices.filter { index in
        rows[index].since.map { $0 > line.version } ?? false
      }.map { Case(line: line, kind: kind, row: $0) }
    }
  }

  @Test(arguments: cases)
  func `A field of a later server is refused with the version that brought it`(
    tested: Case
  ) async throws {
    let row = try #require(QdrantResources.schema.kinds[tested.kind]?.rows[tested.row])
    var random = RandomCollections(seed: 7)
    let bench = Bench(tested.line)
    var collection = DesiredResource(
      address: .collection("one", cluster: "c"), span: RandomCollections.span)
    let path = row.path.path(names: ["dense"])
    let field = random.field(path, tested.row, random.value(row.type, row))
    if tested.kind == .collection {
      collection.fields = [field]
    } else {
      var address = collection.address
      address.kind = .index
      address.name = "price"
      collection.children = [
        DesiredResource(address: address, span: RandomCollections.span, fields: [field])
      ]
    }
    let plan = try await bench.plan([collection])
    let refusal = try #require(plan.refusals.first { $0.path == path })
    #expect(refusal.code == "R201")
    let since = try #require(row.since)
    #expect(
      refusal.message.contains("needs Qdrant \(since.short) "), "\(refusal.message)")
    #expect(refusal.position == Bench.place)
    for step in plan.steps {
      #expect(!step.operation.fields.contains { $0.path == path })
    }
  }
}
