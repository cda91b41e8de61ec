import FoundationEssentials
import JSON

@testable import SimulatedQdrant

/// Puts a recorded scenario to a simulated server, step by step.
struct Replay {
  let recording: Recording
  let line: ServerLine
  var environment: [String: String]
  var server: SimulatedServer
  var matcher = Matcher()
  var now = 1_760_000_000.0
  /// What differed, step by step.
  var failures: [String] = []
  /// The requests without effect, to be asked again at the end.
  private var reads: [SimulatedRequest] = []
  private var maker: RequestMaker

  init(_ recording: Recording, line: ServerLine = .v1_18_3) {
    self.recording = recording
    self.line = line
    environment = recording.environment
    maker = RequestMaker(roles: recording.roles, environment: environment)
    server = SimulatedServer(settings: SimulatedSettings(version: line, environment: environment))
    matcher.bindings = [
      "<dir>": "/qdrant", "<uri:1>": "http://127.0.0.1:6333", "<uri:2>": "http://127.0.0.1:1",
    ]
    if recording.name == "recover-errors" { placeFiles() }
  }

  /// Two files that the recorder had put beside the snapshots of `c`, neither of them one.
  private mutating func placeFiles() {
    let contents = [("garbage.snapshot", "garbage"), ("empty.snapshot", "")]
    server.snapshots[SnapshotFolder(path: "/c")] = contents.map { name, text in
      SnapshotFile(name: name, created: now, bytes: Array(text.utf8))
    }
  }

  /// How many steps were answered as recorded.
  var reached: Int { recording.steps.count - failures.count }

  mutating func run() {
    probe("/")
    probe("/readyz")
    for step in recording.steps {
      now += 1.1
      if let difference = difference(of: step) {
        failures.append("\(recording.name) step \(step.number)\(step.target): " + difference)
      }
    }
  }

  /// What the recorder asked to see that the server is up; it counts in request statistics.
  private mutating func probe(_ target: String) {
    _ = server.handle(SimulatedRequest(method: "GET", target: target), now: now)
  }

  /// After some updates the recorder polled until a collection was green, which counts, too.
  private mutating func pollBeforeStatistics(_ expected: JSONValue) {
    let routes = expected[path: ["body", "result", "requests", "rest", "responses"]]
    let polls = ["GET /collections/{collection_name}", "GET /collections/{name}"]
    guard polls.contains(where: { routes?[$0] != nil }), let name = server.collections.keys.first
    else { return }
    _ = server.handle(
      SimulatedRequest(
        method: "GET", target: "/collections/" + PythonText.queryText(name.string)), now: now)
  }

  /// When a request is asked: where the recorder came while an optimisation was going on, at once
  /// after the step before.
  private func moment(of expected: JSONValue) -> Double {
    let running = expected[path: ["body", "result", "running"]]?.array ?? []
    return running.isEmpty ? now : now - 1.1 + 0.001
  }

  private mutating func difference(of step: Recording.Step) -> String? {
    if let observation = step.observation { return observed(observation, step) }
    guard let request = step.document["request"], let expected = step.document["response"] else {
      return "neither request nor observation"
    }
    maker.environment = environment
    let sent = maker.request(request, matcher, now: now)
    if sent.method == "GET" { reads.append(sent) }
    pollBeforeStatistics(expected)
    let response = server.handle(sent, now: moment(of: expected))
    if response.contentType == "application/octet-stream" { maker.fetched = response.body }
    matcher.ignoresColumns = request["body"]?.text().contains("<snapshot:") ?? false
    return matcher.difference(of: response, from: expected, isUnstable: step.isUnstable)
  }

  // MARK: Observations

  private mutating func observed(_ observation: String, _ step: Recording.Step) -> String? {
    guard let data = step.document["data"] else { return "an observation without data" }
    switch observation {
    case "server restarted": return restart(data)
    case "body over the limit": return sendOversized(data)
    case "upsert": return upsert(data)
    case "status timeline": return follow(data)
    default: return "unknown observation " + observation
    }
  }

  private mutating func restart(_ data: JSONValue) -> String? {
    if data["env"] != nil { environment = Recording.texts(data["env"]) }
    do {
      server = try SimulatedServer(
        settings: SimulatedSettings(version: line, environment: environment),
        state: server.exportState())
      probe("/readyz")
      return nil
    } catch { return "the state does not come back: \(error.path)" }
  }

  private mutating func sendOversized(_ data: JSONValue) -> String? {
    let length = data["body_bytes"]?.integer ?? 0
    let frame = Array("{\"metadata\": {\"a\": \"\"}}".utf8)
    let filler = [UInt8](repeating: UInt8(ascii: "x"), count: max(0, length - frame.count))
    let request = SimulatedRequest(
      method: data["method"]?.string ?? "", target: data["path"]?.string ?? "",
      body: frame.dropLast(3) + filler + frame.suffix(3))
    let response = server.handle(request, now: now)
    guard response.status == data["status"]?.integer else { return "status \(response.status)" }
    guard let body = AnswerView(nil, like: data["body"] ?? .null).body(of: response) else {
      return "unreadable body"
    }
    return matcher.difference(data["body"]?["status"] ?? .null, body["status"] ?? .null)
  }

  private mutating func upsert(_ data: JSONValue) -> String? {
    let size = data["vector_size"]?.integer ?? 0
    let name = server.collections["c"]?.config.denseVectors.keys.first ?? ""
    let points = (1...max(1, data["points"]?.integer ?? 1)).map { id -> JSONValue in
      let vector = (0..<size).map { JSONValue.double(Double((id * 31 + $0 * 7) % 101) / 101) }
      let given: JSONValue = name.isEmpty ? .array(vector) : [name: .array(vector)]
      return ["id": .integer(id), "vector": given, "payload": ["g": "x"]]
    }
    let body: JSONValue = ["points": .array(points)]
    let wait = data["wait"]?.bool ?? true
    let request = SimulatedRequest(
      method: "PUT", target: "/collections/c/points?wait=\(wait)", body: body.bytes())
    let response = server.handle(request, now: now)
    guard response.status == data["status"]?.integer else { return "status \(response.status)" }
    guard let expected = data["result"],
      let found = AnswerView(nil, like: expected).body(of: response)
    else { return nil }
    return matcher.difference(expected, found["result"] ?? .null)
  }

  /// Polls until the last status is reached; those on the way must come in the order recorded.
  private mutating func follow(_ data: JSONValue) -> String? {
    let recorded = (data.array ?? []).compactMap { $0["status"]?.string }
    guard let last = recorded.last else { return "an empty timeline" }
    var seen: [String] = []
    for _ in 0..<2000 {
      let request = SimulatedRequest(method: "GET", target: "/collections/c")
      let response = server.handle(request, now: now)
      let body = try? JSONParser.parse(response.body)
      guard let status = body?["result"]?["status"]?.string else { return "no status" }
      if seen.last != status { seen.append(status) }
      if status == last { return isPossible(recorded, seen) ? nil : "statuses \(seen)" }
      now += 0.05
    }
    return "statuses \(seen), never \(last)"
  }

  /// Whether a client that polls at other moments could have seen the recorded statuses.
  private func isPossible(_ recorded: [String], _ seen: [String]) -> Bool {
    let order = ["green": 2, "yellow": 1, "grey": 0]
    let all = (recorded + seen).allSatisfy { order[$0] != nil }
    let rises = zip(seen, seen.dropFirst()).allSatisfy { (order[$0] ?? 0) < (order[$1] ?? 0) }
    return all && rises
  }

  // MARK: State

  /// Whether a server that starts on the exported state answers every read as this one does.
  mutating func differenceAfterRestoring() -> String? {
    do {
      let state = server.exportState()
      var other = try SimulatedServer(
        settings: SimulatedSettings(version: line, environment: environment), state: state)
      guard other.exportState() == state else { return "another state is exported" }
      let ofTheRun = ["/telemetry", "/metrics", "/logger"]
      for request in reads where !ofTheRun.contains(where: { request.target.hasPrefix($0) }) {
        let left = server.handle(request, now: now)
        let right = other.handle(request, now: now)
        guard left == right else { return "GET \(request.target) is answered otherwise" }
      }
      return nil
    } catch { return "the state does not come back: \(error.path)" }
  }
}
