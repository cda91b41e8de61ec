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
import Transport

/// The real planner, machine, encoder and decoder against a simulated server in process.
package struct Bench {
  package let clock = TestClock()
  package let transport: SimulatedTransport
  package let provider: QdrantClient
  package let schema = QdrantResources.schema

  /// Who the cluster is that plans are applied to.
  package let identity: ClusterIdentity

  package init(
    _ endpoint: any SimulatedEndpoint = InMemoryEndpoint(Bench.freshServer()),
    identity: ClusterIdentity = ClusterIdentity(version: ServerVersion(1, 18, 3))
  ) {
    self.identity = identity
    transport = SimulatedTransport(endpoint, time: clock.transportTime)
    provider = QdrantClient(
      transport: transport, schema: QdrantResources.schema, redactor: Redactor([]))
  }

  /// Where every generated value is said to stand.
  package static let place = SourcePosition(file: "generated.yaml", line: 1, column: 1)

  package static func freshServer(_ line: ServerLine = .v1_18_3) -> SimulatedServer {
    SimulatedServer(settings: SimulatedSettings(version: line, environment: [:]))
  }

  /// A fresh server of a line, and who it is.
  package init(_ line: ServerLine) {
    self.init(
      InMemoryEndpoint(Bench.freshServer(line)), identity: ClusterIdentity(version: line.version))
  }

  package func state(_ collections: [DesiredResource]) -> DesiredState {
    var workspace = WorkspaceSettings()
    // Generated changes remove more than a budget would let pass.
    workspace.budget.percent = 100
    return DesiredState(
      workspace: workspace, clusters: [ClusterDeclaration(name: "c")],
      collections: collections.sorted { $0.address < $1.address })
  }

  /// What the server says, through the real decoder.
  package func observe() async throws -> ObservedCluster { try await provider.observe(nil) }

  package func plan(_ collections: [DesiredResource], _ options: PlanOptions = PlanOptions())
    async throws
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

  /// Runs steps through the machine, without a lock; the end and all that was recorded.
  ///
  /// - Parameter past: what an earlier process of the run recorded after its beginning.
  package func apply(
    _ steps: [Step], _ settings: ApplyMachine.Settings = ApplyMachine.Settings(),
    past: [JournalEntry] = []
  ) async -> (outcome: RunEnd, journal: [JournalEntry]) {
    let journal = Mutex<[JournalEntry]>([])
    let header = RunHeader(run: "r1", workspace: "w", plan: "p", steps: steps.count)
    let history = RunHistory(past.isEmpty ? [] : [.begun(header)] + past)
    var machine = ApplyMachine(
      ApplyMachine.Work(
        header: header, steps: steps,
        clusters: [ApplyMachine.ClusterWork(name: "c", identity: identity)], schema: schema),
      settings: settings, history: history)
    let executor = Executor(
      providers: ["c": provider], header: header, clock: clock,
      record: { entry in journal.withLock { $0.append(entry) } })
    let end = await executor.execute(&machine)
    return (end, journal.withLock { $0 })
  }

  /// The server's state in a form that two moments can be compared by: what means the same is the
  /// same.
  package func picture() async throws -> [String: JSONValue] {
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
      for shard in collection.placement?.shards ?? [] {
        for replica in shard.replicas {
          let key = shard.key?.string ?? ""
          picture["\(name) shard \(shard.id) \(key) on \(replica.peer)"] = .string(replica.state)
        }
      }
    }
    for (alias, target) in observed.aliases { picture["alias \(alias)"] = .string(target.string) }
    return picture
  }
}

extension Bench {
  /// A manifest that asks for exactly what is there.
  package func mirror(_ name: ExactString, _ collection: ObservedCollection) -> DesiredResource {
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

extension ServerLine {
  /// The release that a simulated server of the line is.
  package var version: ServerVersion {
    let parts = rawValue.split(separator: ".").compactMap { Int($0) }
    guard parts.count == 3 else { preconditionFailure("a line is called by its release") }
    return ServerVersion(parts[0], parts[1], parts[2])
  }
}
