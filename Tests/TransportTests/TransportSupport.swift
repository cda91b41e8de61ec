import ScriptedServer
import Secrets
import Testing
import Transport

/// The key that must be seen nowhere but at the server.
let testKey = "canary-7Qx9-key"

/// A transport to an address, with the key bound to its host.
func makeTransport(
  _ address: String, key: String? = testKey,
  _ configure: (inout TransportConfiguration) -> Void = { _ in }
) throws -> CurlTransport {
  let endpoint = try EndpointURL(address)
  var configuration = TransportConfiguration(
    endpoint: endpoint,
    apiKey: key.map { BoundSecret(Secret(copying: $0.utf8), host: endpoint.host) })
  configuration.timeouts.total = .seconds(5)
  configure(&configuration)
  return try CurlTransport(configuration: configuration)
}

/// A read of `/collections`.
let read = HTTPRequest(method: "GET", target: "/collections", effect: .read)

/// A change that must arrive once.
let mutation = HTTPRequest(
  method: "PATCH", target: "/collections/a", headers: [HTTPHeader("x-request-id", "run/7")],
  body: Array(#"{"hnsw_config":{"m":32}}"#.utf8), effect: .mutation)

/// The error of a request that is expected to fail.
func failure(
  of request: HTTPRequest, over transport: CurlTransport,
  sourceLocation: SourceLocation = #_sourceLocation
) async -> TransportError? {
  do {
    let answer = try await transport.send(request)
    Issue.record("answered \(answer.status)", sourceLocation: sourceLocation)
    return nil
  } catch {
    #expect(!"\(error)".contains(testKey), sourceLocation: sourceLocation)
    #expect(!error.message.isEmpty, sourceLocation: sourceLocation)
    return error
  }
}
