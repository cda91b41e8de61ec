import JSON

@testable import SimulatedQdrant

/// Puts a scenario that was recorded on three peers to a simulated cluster, step by step.
struct ClusterReplay {
  /// Numbers of sixteen digits, as the recorder gave its peers.
  static let identifiers: [UInt64] = [
    1_111_111_111_111_111, 2_222_222_222_222_222, 3_333_333_333_333_333,
  ]

  let recording: Recording
  let preparation: ClusterPreparation
  var cluster: SimulatedCluster
  var matcher = Matcher()
  var now = 1_760_000_000.0
  /// What differed, step by step.
  var failures: [String] = []
  private var maker: RequestMaker

  init(_ recording: Recording, area: String, seed: UInt64, line: ServerLine = .v1_18_3) {
    self.recording = recording
    preparation = ClusterPreparation.of(area + "/" + recording.name)
    let settings = SimulatedSettings(version: line, environment: recording.environment)
    cluster = SimulatedCluster(settings: settings, peers: Self.identifiers, seed: seed)
    cluster.timing.lag = 0...0.001
    cluster.timing.longLag = cluster.timing.lag
    matcher.listsAreSets = true
    maker = RequestMaker(
      roles: ClusterPreparation.roles, environment: recording.environment)
    matcher.bindings = [
      "<dir>": .string("/qdrant" + preparation.detour), "<dir:2>": "/qdrant", "<dir:3>": "/qdrant",
      "<uri:4>": "http://127.0.0.1:6333",
    ]
    for (place, id) in Self.identifiers.enumerated() {
      matcher.bindings["<peer:\(place + 1)>"] = .identifier(id)
    }
  }

  /// How many steps were answered as recorded.
  var reached: Int { recording.steps.count - failures.count }

  /// - Parameter limit: the number of failures after which it is given up.
  mutating func run(limit: Int) {
    for step in recording.steps where failures.count < limit {
      for request in preparation.requests[step.number] ?? [] { prepare(request) }
      now += 0.003
      if let difference = difference(of: step), !step.isFree {
        failures.append("\(recording.name) step \(step.number): " + difference)
      }
    }
  }

  /// Something that the recorder did without writing it down.
  private mutating func prepare(_ step: ClusterPreparation.Request) {
    let document: JSONValue = [
      "method": .string(step.method), "path": .string(step.path), "body": step.body,
    ]
    let request = maker.request(numbered(document), matcher, now: now)
    let (response, seconds) = cluster.handle(request, at: step.peer, now: now)
    now += seconds
    if response.status != 200 {
      failures.append(
        "\(recording.name): \(step.method) \(step.path): "
          + String(decoding: response.body, as: UTF8.self))
    }
    settle(atMost: 20)
  }

  /// Lets time pass until nothing is under way.
  private mutating func settle(atMost seconds: Double) {
    let end = now + seconds
    repeat {
      now += 0.1
      cluster.settle(now: now)
    } while !cluster.isAtRest && now < end
  }

  private mutating func difference(of step: Recording.Step) -> String? {
    if let observation = step.observation { return observed(observation, step) }
    guard let recorded = step.document["request"], let expected = step.document["response"] else {
      return "neither request nor observation"
    }
    let isText = preparation.textSteps.contains(step.number)
    let request = maker.request(isText ? recorded : numbered(recorded), matcher, now: now)
    let peer = (recorded["peer"]?.integer ?? 1) - 1
    let exchange = cluster.exchange(request, at: peer, now: now)
    let seconds = step.document["seconds"]?.double
    defer {
      let isUnanswered = expected["status"]?.integer == 0
      now += max(exchange.delay, isUnanswered ? seconds ?? 0 : 0)
      if startsTransfer(request), expected["status"]?.integer == 200 { settle(atMost: 3) }
    }
    guard case .answered(let response, _) = exchange.outcome else {
      let error = exchange.outcome == .closed ? "RemoteDisconnected" : "TimeoutError"
      let isLost = expected["status"]?.integer == 0 && expected["error"]?.string == error
      return isLost ? nil : "no answer: \(exchange.outcome) instead of \(expected.text())"
    }
    if response.contentType == "application/octet-stream" { maker.fetched = response.body }
    return matcher.difference(of: response, from: expected, isUnstable: step.isUnstable)
      ?? difference(ofDelay: exchange.delay, from: seconds)
  }

  /// An answer that took longer than a second took about as long as the recorded one.
  private func difference(ofDelay delay: Double, from seconds: Double?) -> String? {
    let isAsLong = seconds.map { abs(delay - $0) <= 1.5 } ?? (delay <= 2)
    return isAsLong ? nil : "it took \(delay) s instead of \(seconds.map { String($0) } ?? "less")"
  }

  /// The recorder waited until a transfer was done, unless it could not be.
  private func startsTransfer(_ request: SimulatedRequest) -> Bool {
    guard request.method == "POST", request.target.hasSuffix("/cluster") else { return false }
    return preparation.waitsForTransfers
  }

  /// The request with the numbers of peers as numbers, and not as the texts that stand for them.
  private func numbered(_ value: JSONValue) -> JSONValue {
    switch value {
    case .string(let text):
      return text.hasPrefix("<peer:") && Placeholder.isWhole(text)
        ? matcher.bindings[text] ?? value : value
    case .array(let elements): return .array(elements.map { numbered($0) })
    case .object(let object):
      return .object(
        JSONObject(object.members.map { .init(key: $0.key, value: numbered($0.value)) }))
    default: return value
    }
  }

  // MARK: Observations

  private mutating func observed(_ observation: String, _ step: Recording.Step) -> String? {
    let data = step.document["data"]
    switch observation {
    case "roles": return nil
    case "lag":
      if data?["consensus again"] != nil { awaitConsensus() } else { settle(atMost: 20) }
      return nil
    case "uuids": return difference(ofIdentities: data ?? .null)
    case "event":
      let isLast = step.number >= recording.steps.count
      let next = isLast ? nil : recording.steps[step.number].observation
      return happen(data?.string ?? "", isObserved: next == "lag")
    default: return "unknown observation " + observation
    }
  }

  private mutating func awaitConsensus() {
    for _ in 0..<200 where !cluster.canCommit || cluster.lateDue != nil {
      now += 0.1
      cluster.settle(now: now)
    }
    cluster.settle(now: now)
  }

  private mutating func happen(_ event: String, isObserved: Bool) -> String? {
    if event.hasPrefix("what was answered") { return nil }
    let words = event.split(separator: " ")
    guard words.count > 2, words[0] == "peer", let number = Int(words[1]) else {
      return "unknown event " + event
    }
    let peer = number - 1
    switch words[2...].prefix(2).joined(separator: " ") {
    case "killed": cluster.kill(peer, now: now)
    case "paused: it": cluster.pause(peer, now: now)
    case "continues": cluster.resume(peer, now: now)
    case "told to":
      cluster.kill(peer, now: now)
      now += 1  // It takes its time.
    case "started again":
      cluster.restart(peer, now: now)
      now += 0.5
      if !isObserved, !cluster.peers[peer].isLeftBehind { settle(atMost: 10) }
    default: return "unknown event " + event
    }
    cluster.settle(now: now)
    return nil
  }

  /// The identities of collections as telemetry tells them at every peer.
  private mutating func difference(ofIdentities data: JSONValue) -> String? {
    var found: [JSONValue] = []
    for peer in Self.identifiers.indices {
      let request = SimulatedRequest(method: "GET", target: "/telemetry?details_level=2")
      let response = cluster.handle(request, at: peer, now: now).response
      let body = try? JSONParser.parse(response.body)
      let listed = body?["result"]?["collections"]?["collections"]?.array ?? []
      found.append(
        .object(
          JSONObject(
            listed.map { collection in
              JSONObject.Member(
                key: collection["id"]?.string ?? "",
                value: collection["config"]?["uuid"] ?? .null)
            })))
    }
    guard Set(found).count == 1 else { return "the peers differ: \(found)" }
    return matcher.difference(data["peer 1"] ?? .null, found[0])
  }
}
