import JSON

@testable import SimulatedQdrant

/// Cuts an answer down as the recorder did.
struct AnswerView {
  private let view: String?
  private let expected: JSONValue

  init(_ view: String?, like expected: JSONValue) {
    self.view = view
    self.expected = expected
  }

  /// The body to be compared; nil when it cannot be had.
  func body(of response: SimulatedResponse) -> JSONValue? {
    switch view {
    case nil, "form", "telemetry": plainBody(of: response)
    case "without-requests": withoutRequests(plainBody(of: response))
    case "cluster-part": plainBody(of: response)?["result"]?["cluster"]
    case "metric-names":
      metrics(String(decoding: response.body, as: UTF8.self))
    default: nil
    }
  }

  /// Telemetry without its statistics.
  private func withoutRequests(_ body: JSONValue?) -> JSONValue? {
    guard var object = body?.object else { return body }
    object.withObject(at: "result") { $0["requests"] = Optional.none }
    return .object(object)
  }

  private func plainBody(of response: SimulatedResponse) -> JSONValue? {
    if response.body.isEmpty { return .null }
    if expected["<text>"] != nil {
      return ["<text>": .string(String(decoding: response.body, as: UTF8.self))]
    }
    if expected["<bytes>"] != nil { return ["<bytes>": true] }
    do throws(JSONError) { return try JSONParser.parse(response.body) } catch { return nil }
  }

  /// Names and types, and the first lines without their values.
  private func metrics(_ text: String) -> JSONValue {
    let lines = text.split(separator: "\n").map(String.init)
    let prefix = "# TYPE "
    let names = lines.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
    let count = expected["first_lines"]?.array?.count ?? 0
    return [
      "names": .array(names.sorted().map { .string($0) }),
      "first_lines": .array(lines.prefix(count).map { .string(withoutValue($0)) }),
    ]
  }

  private func withoutValue(_ line: String) -> String {
    guard !line.hasPrefix("#"), let blank = line.lastIndex(of: " ") else { return line }
    var sample = String(line[..<blank])
    for mark in ["version=\"", ",le=\""] {
      guard let start = sample.firstRange(of: mark)?.upperBound,
        let end = sample[start...].firstIndex(of: "\"")
      else { continue }
      sample = sample[..<start] + "<…>" + sample[end...]
    }
    return sample + " <n>"
  }

  private static func shape(ofText text: String) -> JSONValue {
    switch text {
    case "<bool>", "<string>": .string(text)
    default: Placeholder.isWhole(text) && !isTextual(text) ? "<number>" : "<string>"
    }
  }

  /// Whether a placeholder stands for a text.
  private static func isTextual(_ placeholder: String) -> Bool {
    let word = placeholder.dropFirst().prefix { $0 != ":" && $0 != ">" }
    return textualWords.contains(String(word))
  }

  private static let textualWords: Set<String> = [
    "checksum", "cpu_endian", "cpu_flags", "distribution", "distribution_version", "id",
    "last_responded", "latest_error", "latest_error_timestamp", "snapshot", "startup", "timestamp",
    "uri", "uuid",
  ]

  /// The first difference between two shapes.
  static func difference(_ expected: JSONValue, _ actual: JSONValue, _ path: String = "") -> String?
  {
    if expected == actual { return nil }
    if let left = expected.object, let right = actual.object {
      for key in left.keys + right.keys {
        guard let first = left[key], let second = right[key] else {
          return path + (left[key] == nil ? ": unexpected " : ": missing ") + key
        }
        if let found = difference(first, second, path + "." + key) { return found }
      }
    }
    if let left = expected.array, let right = actual.array, left.count == right.count {
      for (first, second) in zip(left, right) {
        if let found = difference(first, second, path + "[]") { return found }
      }
    }
    func short(_ value: JSONValue) -> Substring { value.text().prefix(400) }
    return path + ": shape \(short(actual)) instead of \(short(expected))"
  }

  /// A value with every scalar replaced by its type; without request statistics, in which the
  /// recorder's own requests are counted, too.
  ///
  /// - Parameter isSet: whether lists are compared as sets of shapes: how many shards lie where and
  ///   in what order keys come, is chance in a cluster.
  static func shape(of value: JSONValue, isSet: Bool = false) -> JSONValue {
    switch value {
    case .null: return .null
    case .bool: return "<bool>"
    case .number: return "<number>"
    case .string("null"): return .null
    case .string(let text): return shape(ofText: text)
    case .array(let elements):
      let shapes = elements.map { shape(of: $0, isSet: isSet) }
      guard isSet else { return .array(shapes) }
      return .array(Set(shapes).sorted { $0.text().precedes($1.text()) })
    case .object(let object):
      let sorted = object.members.filter { $0.key != "responses" }.sorted {
        $0.key.precedes($1.key)
      }
      return .object(
        JSONObject(
          sorted.map { JSONObject.Member(key: $0.key, value: shape(of: $0.value, isSet: isSet)) }))
    }
  }
}
