import Execution
import InProcessTransport
import JSON
import Planning
import QdrantProvider
import QdrantSchema
import ResourceModel
import Secrets
import SimulatedQdrant
import Synchronization
import Testing
import Transport

/// The real planner, machine, encoder and decoder against a simulated server in process.
struct Bench {
  let clock = TestClock()
  let transport: SimulatedTransport
  let provider: QdrantClient
  let schema = QdrantResources.schema

  init(_ endpoint: any SimulatedEndpoint = InMemoryEndpoint(Bench.freshServer())) {
    transport = SimulatedTransport(endpoint, time: clock.transportTime)
    provider = QdrantClient(
      transport: transport, schema: QdrantResources.schema, redactor: Redactor([]))
  }

  /// Where every generated value is said to stand.
  static let place = SourcePosition(file: "generated.yaml", line: 1, column: 1)

  static func freshServer() -> SimulatedServer {
    SimulatedServer(settings: SimulatedSettings(version: .v1_18_3, environment: [:]))
  }

  func state(_ collections: [DesiredResource]) -> DesiredState {
    DesiredState(
      workspace: WorkspaceSettings(), clusters: [ClusterDeclaration(name: "c")],
      collections: collections.sorted { $0.address < $1.address })
  }

  /// What the server says, through the real decoder.
  func observe() async throws -> ObservedCluster { try await provider.observe(nil) }

  func plan(_ collections: [DesiredResource], _ options: PlanOptions = PlanOptions()) async throws
    -> Plan
  {
    let observed = try await observe()
    let planner = Planner(schema: schema, options: options, locate: { _ in Bench.place })
    var points: [ResourceAddress: Int] = [:]
    let desired = state(collections)
    for address in planner.collectionsToCount(desired, on: "c", observed) {
      points[address] = try await provider.countPoints(in: address.collection)
    }
    return planner.plan(
      desired, readings: ["c": .observed(observed, endpoint: "here")], points: points)
  }

  /// Runs steps through the machine; the outcome and all that was recorded.
  func apply(_ steps: [Step]) async -> (outcome: ApplyOutcome, journal: [JournalEntry]) {
    let journal = Mutex<[JournalEntry]>([])
    var machine = ApplyMachine(run: "r1", steps: steps, schema: schema)
    let executor = Executor(
      provider: provider, clock: clock, run: "r1",
      record: { entry in journal.withLock { $0.append(entry) } })
    let outcome = await executor.execute(&machine)
    return (outcome, journal.withLock { $0 })
  }

  /// The server's state in a form that two moments can be compared by: what means the same is the
  /// same.
  func picture() async throws -> [String: JSONValue] {
    let observed = try await observe()
    var picture: [String: JSONValue] = [:]
    for (name, collection) in observed.collections {
      for leaf in schema.leaves(.collection, of: collection.fields) {
        let row = schema.kinds[.collection]!.rows[leaf.row]
        if row.isSame(nil, leaf.value) { continue }
        picture["\(name) \(leaf.path)"] = row.type.canonical(leaf.value)
      }
      for (field, index) in collection.indexes {
        for leaf in schema.leaves(.index, of: index) {
          let row = schema.kinds[.index]!.rows[leaf.row]
          if row.isSame(nil, leaf.value) { continue }
          picture["\(name) index \(field) \(leaf.path)"] = row.type.canonical(leaf.value)
        }
      }
    }
    for (alias, target) in observed.aliases { picture["alias \(alias)"] = .string(target.string) }
    return picture
  }
}

extension Bench {
  /// A manifest that asks for exactly what is there.
  func mirror(_ name: ExactString, _ collection: ObservedCollection) -> DesiredResource {
    let span = RandomCollections.span
    func fields(_ kind: ResourceKind, _ object: JSONObject) -> [DesiredField] {
      schema.leaves(kind, of: object).map { leaf in
        DesiredField(
          path: leaf.path, value: leaf.value, row: leaf.row, provenance: Provenance(span))
      }
    }
    let address = ResourceAddress.collection(name, cluster: "c")
    var mirror = DesiredResource(
      address: address, span: span, fields: fields(.collection, collection.fields))
    mirror.children = collection.indexes.map { field, index in
      var place = address
      place.kind = .index
      place.name = field
      return DesiredResource(address: place, span: span, fields: fields(.index, index))
    }
    mirror.listedChildren = [.index: span]
    return mirror
  }
}
