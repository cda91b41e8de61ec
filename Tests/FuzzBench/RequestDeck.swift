import Foundation
import JSON
import SimulatedQdrant

/// Recorded scenarios as requests that can be sent to a simulated server, one after the other.
struct RequestDeck {
  /// The environment of the server, and what was asked of it.
  struct Scenario {
    var environment: [String: String]
    var requests: [SimulatedRequest]
  }

  var scenarios: [Scenario]

  /// Reads every `.jsonl` file below a folder. What the recordings of a line leave out, because it
  /// is that of another line, is only missing.
  init(folder: String) throws {
    let root = URL(fileURLWithPath: folder)
    let files = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)
    scenarios = []
    while let file = files?.nextObject() as? URL {
      guard file.pathExtension == "jsonl" else { continue }
      for line in try Data(contentsOf: file).split(separator: UInt8(ascii: "\n")) {
        let scenario = RequestDeck.scenario(try JSONParser.parse(Array(line)))
        if !scenario.requests.isEmpty { scenarios.append(scenario) }
      }
    }
  }

  private static func scenario(_ document: JSONValue) -> Scenario {
    var environment: [String: String] = [:]
    for member in document["env"]?.object?.members ?? [] {
      environment[member.key] = member.value.string
    }
    let exchanges = document["exchanges"]?.array ?? []
    return Scenario(
      environment: environment,
      requests: exchanges.compactMap { $0["request"] }.map { request($0, environment) })
  }

  private static func request(
    _ recorded: JSONValue, _ environment: [String: String]
  ) -> SimulatedRequest {
    var target = recorded["path"]?.string ?? "/"
    let query = (recorded["query"]?.object?.members ?? []).map {
      "\($0.key)=\($0.value.string ?? "")"
    }
    if !query.isEmpty { target += "?" + query.joined(separator: "&") }
    var headers = [(name: "content-type", value: "application/json")]
    if let key = environment["QDRANT__SERVICE__API_KEY"] { headers.append(("api-key", key)) }
    for member in recorded["headers"]?.object?.members ?? [] {
      headers.append((name: member.key.lowercased(), value: member.value.string ?? ""))
    }
    let raw = (recorded["raw_body"]?.string).map { Array($0.utf8) }
    return SimulatedRequest(
      method: recorded["method"]?.string ?? "GET", target: target, headers: headers,
      body: recorded["body"]?.bytes() ?? raw ?? [])
  }
}
