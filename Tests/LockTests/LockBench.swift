import InProcessTransport
import JSON
import QdrantProvider
import QdrantSchema
import ResourceModel
import Secrets
import SimulatedQdrant
import Transport

/// The real client against a simulated server in process.
struct LockBench {
  /// How a server keeps an epoch's record.
  enum Kind: CaseIterable {
    case metadata, names
  }

  let clock = BenchClock()
  let endpoint: InMemoryEndpoint
  let transport: SimulatedTransport
  let client: QdrantClient

  init(
    _ kind: Kind = .metadata, rules: [FaultRule] = [],
    wrapped wrap: (any SimulatedEndpoint) -> any SimulatedEndpoint = { $0 }
  ) {
    let server = SimulatedServer(settings: SimulatedSettings(version: .v1_18_3, environment: [:]))
    endpoint = InMemoryEndpoint(server, faults: FaultScript(rules))
    let inner: any SimulatedEndpoint =
      kind == .names ? EndpointWithoutMetadata(inner: endpoint) : endpoint
    transport = SimulatedTransport(wrap(inner), time: clock.transportTime)
    var options = QdrantClient.Options()
    options.retryPause = .zero
    client = QdrantClient(
      transport: transport, schema: QdrantResources.schema, redactor: Redactor([]),
      options: options)
  }

  /// What was asked of the server as a mutation.
  var mutations: [String] { transport.mutations.map(\.line) }

  func state(_ workspace: String = "w") async throws -> LockState {
    try await client.lockState(of: workspace)
  }

  @discardableResult
  func perform(_ control: ControlOperation, _ workspace: String = "w") async throws -> Receipt {
    try await client.perform(control, workspace: workspace, run: "r", step: "s")
  }

  /// The error of an operation; nil when there was none.
  func error(_ control: ControlOperation, _ workspace: String = "w") async -> ProviderError? {
    do throws(ProviderError) {
      _ = try await client.perform(control, workspace: workspace, run: "r", step: "s")
      return nil
    } catch {
      return error
    }
  }

  /// A request of somebody else.
  @discardableResult
  func foreign(_ method: String, _ target: String, _ body: String = "") -> FaultedExchange {
    endpoint.exchange(
      SimulatedRequest(method: method, target: target, body: Array(body.utf8)),
      now: 1_700_000_000)
  }

  /// The names of all collections on the server.
  func names() -> [String] {
    guard case .answered(let response, _) = foreign("GET", "/collections").outcome,
      let list = (try? JSONParser.parse(response.body))?[path: ["result", "collections"]]?.array
    else { return [] }
    return list.compactMap { $0["name"]?.string }
  }

  static func record(
    _ state: LockRecord.State = .held, nonce: String = "n", rolledBack: Bool = false
  ) -> LockRecord {
    LockRecord(
      state: state, run: "20260102T030405Z-\(nonce)", plan: String(repeating: "7f3a", count: 16),
      holder: "host 0f2c boot 1d 4711", nonce: nonce, since: "2026-01-02T03:04:05Z",
      rolledBack: rolledBack
        ? LockRecord.RolledBack(plan: String(repeating: "0b", count: 32), run: "before") : nil)
  }
}

/// A server that says it is 1.14.1 and drops metadata without a word, as that one does (recorded).
struct EndpointWithoutMetadata: SimulatedEndpoint {
  let inner: any SimulatedEndpoint

  func exchange(_ request: SimulatedRequest, now: Double) -> FaultedExchange {
    var request = request
    if var body = (try? JSONParser.parse(request.body))?.object {
      body["metadata"] = nil
      request.body = JSONValue.object(body).bytes()
    }
    var exchange = inner.exchange(request, now: now)
    guard request.target == "/", case .answered(var response, let delivery) = exchange.outcome,
      var root = (try? JSONParser.parse(response.body))?.object
    else { return exchange }
    root["version"] = "1.14.1"
    response.body = JSONValue.object(root).bytes()
    exchange.outcome = .answered(response, delivery)
    return exchange
  }
}
