import Foundation
import JSON
import Manifests
import Planning
import QdrantProvider
import QdrantSchema
import ResourceModel
import Secrets
import Transport

/// Figures for planning many collections, beside the bare reads that no plan can do without.
struct Benchmark {
  let workload: Workload
  let url: String
  let folder: String
  /// The `qdrant-plan` program.
  let program: String
  private let schema = QdrantResources.schema

  init(workload: Workload, url: String, folder: String, program: String) {
    self.workload = workload
    self.url = url
    self.folder = folder
    self.program = program
  }

  func run() async throws {
    let transport = try transport()
    defer { transport.shutdown() }
    try await fill(transport)
    let files = workload.files(url: url)
    for file in files {
      try file.text.write(toFile: folder + "/" + file.name, atomically: false, encoding: .utf8)
    }
    print("\(workload.count) collections, 1 % changed")
    let bare = try await bareReads(transport)
    let observed = try await observeAndDiff(transport, bare)
    let (whole, status) = Measure.child(program, [folder, "--detailed-exitcode", "--quiet"])
    line("qdrant-plan, all of it", whole, against: bare.wall)
    precondition(status == 2, "qdrant-plan ended with \(status)")
    await loading(files)
    await diffing(observed)
    print("requests of a plan: \(workload.count + 4)\n")
  }

  private func transport() throws -> CurlTransport {
    try CurlTransport(configuration: TransportConfiguration(endpoint: EndpointURL(url)))
  }

  private func line(_ what: String, _ cost: Cost, against wall: Double? = nil) {
    let title = what + String(repeating: " ", count: max(1, 34 - what.count))
    let each = String(format: "  %7.1f µs each", cost.wall * 1_000_000 / Double(workload.count))
    let ratio = wall.map { String(format: "  %5.2f ×", cost.wall / $0) } ?? ""
    print("  " + title + cost.text + each + ratio)
  }

  /// The server as an apply leaves it, marks included; then 1 % is changed by hand.
  private func fill(_ transport: CurlTransport) async throws {
    let client = QdrantClient(transport: transport, schema: schema, redactor: Redactor([]))
    guard let state = load(workload.files(url: url)).state else {
      preconditionFailure("the generated manifests are valid")
    }
    let empty = ObservedCluster(identity: try await client.identify())
    for step in plan(state, empty).steps {
      _ = try? await client.perform(step.operation, run: "fill", step: step.id.description)
    }
    for number in stride(from: 0, to: workload.count, by: Workload.changedEvery) {
      let response = try await transport.send(
        HTTPRequest(
          method: "PATCH", target: "/collections/\(workload.name(number))",
          body: JSONValue.object(["hnsw_config": ["m": 8]]).bytes(), effect: .mutation))
      precondition(response.status == 200, "\(response.status)")
    }
  }

  /// GET of every collection, 32 in flight, nothing read of the answers.
  private func bareReads(_ transport: CurlTransport) async throws -> Cost {
    let count = workload.count
    func readAll() async {
      await withTaskGroup(of: Void.self) { group in
        for first in 0..<32 {
          group.addTask {
            for number in stride(from: first, to: count, by: 32) {
              _ = try? await transport.send(
                HTTPRequest(
                  method: "GET", target: "/collections/\(workload.name(number))", effect: .read))
            }
          }
        }
      }
    }
    await readAll()
    let (cost, _) = await Measure.cost { await readAll() }
    line("bare GETs", cost)
    return cost
  }

  private func observeAndDiff(_ transport: CurlTransport, _ bare: Cost) async throws
    -> ObservedCluster
  {
    let state = load(workload.files(url: url)).state
    precondition(state != nil, "the generated manifests are valid")
    let client = QdrantClient(transport: transport, schema: schema, redactor: Redactor([]))
    let names = Set(state?.collections.map(\.address.collection) ?? [])
    let (cost, observed) = try await Measure.cost {
      let observed = try await client.observe(names)
      if let state { _ = plan(state, observed) }
      return observed
    }
    line("observe, decode and diff", cost, against: bare.wall)
    return observed
  }

  private func plan(_ state: DesiredState, _ observed: ObservedCluster) -> Plan {
    Planner(schema: schema, locate: { _ in nil }).plan(
      state, readings: ["sandbox": .observed(observed, endpoint: url)])
  }

  private func load(_ files: [(name: String, text: String)]) -> LoadResult {
    ManifestLoader.load(
      sources: [MemorySource(files.map { ($0.name, Array($0.text.utf8)) })], schema: schema,
      rules: QdrantResources.rules)
  }

  private func loading(_ files: [(name: String, text: String)]) async {
    let bytes = files.map { Array($0.text.utf8) }
    let (bare, events) = await Measure.cost { bytes.reduce(0) { $0 + EventLoop.events($1) } }
    line("libyaml's event loop", bare)
    let (cost, _) = await Measure.cost { load(files) }
    line("loading (\(events) events)", cost, against: bare.wall)
  }

  private func diffing(_ observed: ObservedCluster) async {
    guard let state = load(workload.files(url: url)).state else { return }
    let (cost, _) = await Measure.cost { plan(state, observed) }
    line("diffing and planning", cost)
  }
}
