package import JSON
package import ResourceModel
package import Secrets
package import Transport

/// Speaks HTTP to one Qdrant: observes its state, performs single operations.
package struct QdrantClient: Provider {
  private let transport: any HTTPTransport
  private let encoder: RequestEncoder
  private let decoder: StateDecoder
  let outcomes: Outcomes
  private let options: Options

  /// How a client goes about it.
  package struct Options: Sendable {
    /// Reads in flight at once.
    package var concurrentReads = 32
    /// How often a read is tried in all.
    package var readAttempts = 3
    /// The pause before the second attempt; it doubles.
    package var retryPause: Duration = .milliseconds(100)
    /// The limit of one exchange.
    package var timeout: Duration = .seconds(30)

    package init() {}
  }

  package init(
    transport: any HTTPTransport, schema: ResourceSchema, redactor: Redactor,
    options: Options = Options()
  ) {
    self.transport = transport
    encoder = RequestEncoder(schema: schema)
    decoder = StateDecoder(schema: schema)
    outcomes = Outcomes(redactor: redactor)
    self.options = options
  }

  package func identify() async throws(ProviderError) -> ClusterIdentity {
    let version = try await serverVersion()
    return decoder.identity(version, try await result("/cluster"))
  }

  /// The version that `GET /` tells, or an error when no Qdrant answers.
  func serverVersion() async throws(ProviderError) -> ServerVersion {
    let root = try await document("/")
    guard root["title"]?.string?.hasPrefix("qdrant") ?? false,
      let text = root["version"]?.string, let version = ServerVersion(text)
    else {
      throw ProviderError(.rejected, "what answers there is not a Qdrant server")
    }
    return version
  }

  /// The names of all collections, those of the lock among them.
  func collectionNames() async throws(ProviderError) -> Set<ExactString> {
    guard let names = decoder.names(try await result("/collections")) else {
      throw ProviderError(.unavailable, "the list of collections has an unexpected form")
    }
    return names
  }

  package func observe(
    _ collections: Set<ExactString>?
  ) async throws(ProviderError) -> ObservedCluster {
    let version = try await serverVersion()
    let status = try await result("/cluster")
    let identity = decoder.identity(version, status)
    let names = try await collectionNames().filter { !LockNames.isControl($0) }
    let aliases = try await observeAliases()
    let wanted = collections.map { names.intersection($0) } ?? names
    var cluster = ObservedCluster(
      identity: identity, collectionNames: names, aliases: aliases)
    cluster.silent = decoder.silentPeers(status)
    let reader = CollectionReader(
      client: self, isDistributed: identity.isDistributed, window: options.concurrentReads)
    for (name, outcome) in await reader.read(wanted.sorted()) {
      switch outcome {
      case .success(let collection?): cluster.collections[name] = collection
      case .success(nil): cluster.collectionNames.remove(name)
      case .failure(let error):
        if error.category != .other { throw error }
        cluster.unchecked[name] = error.message
      }
    }
    return cluster
  }

  package func observe(
    collection: ExactString, withPlacement: Bool
  ) async throws(ProviderError) -> ObservedCollection? {
    if try await observeAliases()[collection] != nil { return nil }
    return try await read(collection, withPlacement: withPlacement)
  }

  package func observeAliases() async throws(ProviderError) -> [ExactString: ExactString] {
    guard let aliases = decoder.aliases(try await result("/aliases")) else {
      throw ProviderError(.unavailable, "the list of aliases has an unexpected form")
    }
    return aliases
  }

  package func countPoints(of address: ResourceAddress) async throws(ProviderError) -> Int {
    let target = "/collections/\(PercentEncoding.segment(address.collection.string))/points/count"
    var body: JSONObject = ["exact": true]
    switch address.kind {
    case .vector, .sparseVector:
      body["filter"] = ["must": [["has_vector": .string(address.name.string)]]]
    case .shardKey: body["shard_key"] = try RequestEncoder.shardKey(address)
    default: break
    }
    let request = HTTPRequest(
      method: "POST", target: target, body: JSONValue.object(body).bytes(), effect: .read,
      timeout: options.timeout)
    let answer = try await read(request)
    guard let count = answer["result"]?["count"]?.integer else {
      throw outcomes.malformed(request, "without a count")
    }
    return count
  }

  package func preview(_ operation: Operation) throws(ProviderError) -> RequestPreview {
    try encoder.request(operation, run: nil)
  }

  package func perform(
    _ operation: Operation, run: String, step: String
  ) async throws(ProviderError) -> Receipt {
    let preview = try encoder.request(operation, run: run)
    let result = try await send(preview, id: "\(run)/\(step)").result
    return Receipt(isCompleted: result["status"]?.string.map { $0 == "completed" } ?? true)
  }

  /// Sends a mutation once and gives the `result` of its answer, with the request for messages.
  func send(
    _ preview: RequestPreview, id: String
  ) async throws(ProviderError) -> (result: JSONValue, request: HTTPRequest) {
    let request = HTTPRequest(
      method: preview.method, target: preview.target,
      headers: [HTTPHeader("x-request-id", id)], body: preview.body?.bytes(),
      effect: .mutation, timeout: options.timeout)
    let response: HTTPResponse
    do throws(TransportError) { response = try await transport.send(request) } catch {
      throw outcomes.error(error, effect: .mutation)
    }
    guard (200..<300).contains(response.status) else {
      throw outcomes.error(response, to: request)
    }
    guard let answer = try? JSONParser.parse(response.body), let result = answer["result"] else {
      throw outcomes.malformed(request, "its body is no answer of Qdrant")
    }
    return (result, request)
  }

  /// One collection; nil when it does not exist (a 404 with a JSON body, which an unknown route has
  /// not).
  func read(
    _ name: ExactString, withPlacement: Bool
  ) async throws(ProviderError) -> ObservedCollection? {
    let target = "/collections/" + PercentEncoding.segment(name.string)
    let request = HTTPRequest(
      method: "GET", target: target, effect: .read, timeout: options.timeout)
    let response = try await send(request)
    if response.status == 404, !response.body.isEmpty { return nil }
    guard response.status == 200 else { throw outcomes.error(response, to: request) }
    guard let answer = try? JSONParser.parse(response.body), let result = answer["result"],
      var collection = decoder.collection(name, result)
    else { throw outcomes.malformed(request, "its body is not a collection's state") }
    if withPlacement {
      guard let placement = decoder.placement(try await self.result(target + "/cluster")) else {
        throw ProviderError(.unavailable, "the placement of '\(name)' has an unexpected form")
      }
      collection.placement = placement
      if collection.fields["sharding_method"]?.string == "custom" {
        collection.shardKeys = placement.keys
      }
    }
    return collection
  }

  /// The `result` of an enveloped answer.
  private func result(_ target: String) async throws(ProviderError) -> JSONValue {
    let answer = try await document(target)
    guard let result = answer["result"] else {
      throw ProviderError(.unavailable, "GET \(target) was answered without a result")
    }
    return result
  }

  private func document(_ target: String) async throws(ProviderError) -> JSONValue {
    try await read(
      HTTPRequest(method: "GET", target: target, effect: .read, timeout: options.timeout))
  }

  private func read(_ request: HTTPRequest) async throws(ProviderError) -> JSONValue {
    let response = try await send(request)
    guard response.status == 200 else { throw outcomes.error(response, to: request) }
    guard let value = try? JSONParser.parse(response.body) else {
      throw outcomes.malformed(request, "its body is no JSON")
    }
    return value
  }

  /// A read, tried again while that can help.
  private func send(_ request: HTTPRequest) async throws(ProviderError) -> HTTPResponse {
    var pause = options.retryPause
    for attempt in 1... {
      do throws(TransportError) {
        let response = try await transport.send(request)
        let mayPass = response.status == 429 || response.status >= 500
        if !mayPass || attempt >= options.readAttempts { return response }
      } catch {
        let failure = outcomes.error(error, effect: .read)
        let isFinal = error.reason == .cancelled || error.reason == .timedOut
        if failure.outcome != .unavailable || isFinal || attempt >= options.readAttempts {
          throw failure
        }
      }
      try? await Task.sleep(for: pause)
      pause *= 2
    }
    throw ProviderError(.unavailable, "no attempt was made")
  }
}
