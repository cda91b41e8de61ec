import ClusterProviders
import Commands
import Execution
import Foundation
import InProcessTransport
import JSON
import QdrantProvider
import QdrantSchema
import ResourceModel
import Secrets
import SimulatedQdrant
import Synchronization
import Transport

/// The commands as a user runs them, with a simulated server in process behind every cluster.
final class CommandBench: Sendable {
  let folder: String
  let endpoint: InMemoryEndpoint
  let transport: SimulatedTransport
  private let connection: any SimulatedEndpoint
  private let spoken = Mutex<(output: String, error: String)>(("", ""))
  private let runs = Mutex(0)
  private let environment: [String: String]
  private let isReal: Bool
  private let typed: String?
  /// After how many questions a run is told to stop; nil for never.
  let stopsAfter = Mutex<Int?>(nil)
  /// Servers of their own for some clusters, by name.
  let others = Mutex<[String: SimulatedTransport]>([:])
  /// Clusters that cannot be connected to, by name.
  let unreachable = Mutex<Set<String>>([])
  /// Why the output does not arrive; nil when it does.
  let lost = Mutex<String?>(nil)
  /// What stands on standard input.
  let input = Mutex<[UInt8]>([])
  /// The disk that journals lie on.
  let files = Mutex<any FileSystem>(SystemFiles())

  /// What a command printed, and how it ended.
  struct Result {
    var status: ExitStatus
    var output: String
    var error: String
  }

  /// `connects` makes connections as the processes do, over sockets; otherwise every cluster is the
  /// simulation. `typed` is what a person at a terminal answers; without it there is no terminal.
  init(
    settings: [String: String] = [:], key: String? = nil, environment: [String: String] = [:],
    connects: Bool = false, typed: String? = nil,
    through wrap: (InMemoryEndpoint) -> any SimulatedEndpoint = { $0 }
  ) throws {
    self.environment = environment
    self.typed = typed
    isReal = connects
    folder = NSTemporaryDirectory() + "commands-\(UUID().uuidString)"
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true)
    endpoint = InMemoryEndpoint(
      SimulatedServer(settings: SimulatedSettings(version: .v1_18_3, environment: settings)))
    connection = wrap(endpoint)
    transport = SimulatedTransport(
      connection, credential: key.map { [HTTPHeader("api-key", $0)] } ?? [])
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// A cluster that the bench answers for, and whatever else the manifests say.
  static let cluster = """
    kind: Workspace
    name: acme
    ---
    kind: Cluster
    name: here
    provider: self_hosted
    url: http://127.0.0.1:6333

    """

  /// Writes a manifest file; the cluster stands in a file of its own.
  func write(
    _ text: String, to name: String = "collections.yaml", cluster: String = CommandBench.cluster
  ) throws {
    try cluster.write(
      toFile: path("cluster.yaml"), atomically: true, encoding: .utf8)
    try text.write(toFile: path(name), atomically: true, encoding: .utf8)
  }

  func path(_ name: String) -> String { folder + "/" + name }

  func plan(_ arguments: String...) async -> Result { await run(PlanCommand.run, arguments) }
  func apply(_ arguments: String...) async -> Result { await run(ApplyCommand.run, arguments) }
  func drift(_ arguments: String...) async -> Result { await run(DriftCommand.run, arguments) }

  /// What `validate` says about a text that is a file of its own.
  func validate(_ text: String, _ arguments: String...) async throws -> Result {
    try text.write(toFile: path("one.yaml"), atomically: true, encoding: .utf8)
    return await run(PlanCommand.run, ["validate", path("one.yaml")] + arguments)
  }

  func run(
    _ command: (CommandContext) async -> ExitStatus, _ arguments: [String]
  ) async -> Result {
    spoken.withLock { $0 = ("", "") }
    let status = await command(context(arguments))
    return spoken.withLock { Result(status: status, output: $0.output, error: $0.error) }
  }

  private func context(_ arguments: [String]) -> CommandContext {
    let client = QdrantClient(
      transport: transport, schema: QdrantResources.schema, redactor: Redactor([]))
    var context = CommandContext(
      arguments: arguments, environment: environment,
      console: CommandContext.Console(
        output: { text in self.spoken.withLock { $0.output += text } },
        error: { text in self.spoken.withLock { $0.error += text } },
        inputIsTerminal: typed != nil, readLine: { self.typed }),
      readInput: { self.input.withLock { $0 } }, timestamp: { "2026-11-25T12:00:00Z" },
      newRun: {
        self.runs.withLock { number in
          number += 1
          return "run-\(number)"
        }
      }, isInterrupted: { self.isStopped() },
      connect: { cluster, access in
        if self.isReal { return await self.open(cluster, access) }
        if self.unreachable.withLock({ $0.contains(cluster.name) }) {
          return .failure(
            ConnectionProblem(key: "url", "no answer", category: .unreachable))
        }
        let other = self.others.withLock { $0[cluster.name] }.map {
          QdrantClient(transport: $0, schema: QdrantResources.schema, redactor: Redactor([]))
        }
        return .success(
          ClusterConnection(
            declaration: cluster, provider: other ?? client, endpoint: "http://127.0.0.1:6333"))
      })
    context.console.lost = { self.lost.withLock { $0 } }
    context.files = files.withLock { $0 }
    context.holder = "bench, process 1"
    return context
  }

  private func isStopped() -> Bool {
    stopsAfter.withLock { left in
      guard let count = left else { return false }
      left = max(0, count - 1)
      return count <= 0
    }
  }

  private func open(
    _ cluster: ClusterDeclaration, _ access: ClusterConnector.Access
  ) async -> Swift.Result<ClusterConnection, ConnectionProblem> {
    let connector = ClusterConnector(schema: QdrantResources.schema, environment: environment)
    do throws(ConnectionProblem) {
      return .success(try await connector.connect(cluster, access: access))
    } catch {
      return .failure(error)
    }
  }

  /// What was sent and may have changed something, the lock aside.
  var changes: [RecordedExchange] {
    transport.mutations.filter { !$0.request.target.hasPrefix("/collections/_qr_lock.") }
  }

  /// A request of somebody else, past the tool.
  func byHand(_ method: String, _ target: String, _ body: JSONValue) {
    _ = endpoint.exchange(
      SimulatedRequest(method: method, target: target, body: body.bytes()), now: 1_700_000_000)
  }

  /// What the server says of a collection, under `result`.
  func live(_ collection: String) -> JSONValue? { ask("/collections/\(collection)") }

  /// What the server answers when it is read past the tool, under `result`.
  func ask(_ target: String) -> JSONValue? {
    let exchange = endpoint.exchange(
      SimulatedRequest(method: "GET", target: target), now: 1_700_000_000)
    guard case .answered(let response, _) = exchange.outcome else { return nil }
    return (try? JSONParser.parse(response.body))?["result"]
  }
}
