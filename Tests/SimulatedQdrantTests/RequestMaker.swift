import FoundationEssentials
import JSON

@testable import SimulatedQdrant

/// Makes the requests of a recording anew.
struct RequestMaker {
  var roles: JSONObject
  var environment: [String: String]
  /// The snapshot that was fetched last.
  var fetched: [UInt8] = []

  /// - Parameters:
  ///   - matcher: what the placeholders are bound to.
  ///   - now: seconds since 1970, for tokens.
  func request(
    _ recorded: JSONValue, _ matcher: Matcher, now: Double
  ) -> SimulatedRequest {
    var target = matcher.filled(recorded["path"]?.string ?? "")
    let query = recorded["query"]?.object?.members ?? []
    if !query.isEmpty {
      target +=
        "?"
        + query.map { member in
          PythonText.queryText(member.key) + "="
            + PythonText.queryText(matcher.filled(member.value.string ?? ""))
        }.joined(separator: "&")
    }
    return SimulatedRequest(
      method: recorded["method"]?.string ?? "", target: target,
      headers: headers(of: recorded, now: now),
      body: body(of: recorded, matcher))
  }

  private func headers(of recorded: JSONValue, now: Double) -> [(name: String, value: String)] {
    var headers: [String: String] = ["content-type": "application/json"]
    if let role = recorded["role"]?.string {
      for (name, value) in Credentials(roles, environment, now).headers(of: role) {
        headers[name] = value
      }
    } else if let key = environment["QDRANT__SERVICE__API_KEY"] {
      headers["api-key"] = key
    }
    if let multipart = recorded["multipart"], multipart.object != nil {
      headers["content-type"] = "multipart/form-data; boundary=recorded"
    }
    for member in recorded["headers"]?.object?.members ?? [] {
      headers[member.key.lowercased()] = member.value.string
    }
    return headers.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
  }

  private func body(of recorded: JSONValue, _ matcher: Matcher) -> [UInt8] {
    if let multipart = recorded["multipart"] { return form(multipart, matcher) }
    if let body = recorded["body"] { return Array(PythonText.text(of: matcher.filled(body)).utf8) }
    if let text = recorded["raw_body"]?.string { return Array(matcher.filled(text).utf8) }
    if let text = recorded["raw_base64"]?.string, let data = Data(base64Encoded: text) {
      return Array(data)
    }
    return []
  }

  /// A form with one file, which may be the snapshot that was fetched last.
  private func form(_ multipart: JSONValue, _ matcher: Matcher) -> [UInt8] {
    let field = multipart["field"]?.string ?? ""
    let name = matcher.filled(multipart["filename"]?.string ?? "")
    let content = multipart["content"]?.string ?? ""
    let bytes = content == "<snapshot bytes>" ? fetched : Array(content.utf8)
    let head =
      "--recorded\r\nContent-Disposition: form-data; name=\"\(field)\"; filename=\"\(name)\"\r\n"
      + "Content-Type: application/octet-stream\r\n\r\n"
    return Array(head.utf8) + bytes + Array("\r\n--recorded--\r\n".utf8)
  }
}

extension Matcher {
  /// The first difference between an answer and the recorded one.
  mutating func difference(
    of response: SimulatedResponse, from expected: JSONValue, isUnstable: Bool
  ) -> String? {
    guard response.status == expected["status"]?.integer else {
      return "status \(response.status) instead of \(expected["status"]?.text() ?? "?"): "
        + String(decoding: response.body.prefix(500), as: UTF8.self) + " instead of "
        + String((expected["body"]?.text() ?? "").prefix(500))
    }
    if response.status == 0 { return nil }
    let type = response.contentType.map { $0.prefix { $0 != ";" } } ?? ""
    guard String(type) == expected["content_type"]?.string else {
      return "content type \(type) instead of \(expected["content_type"]?.text() ?? "?")"
    }
    for header in expected["headers"]?.object?.members ?? [] {
      let found = response.headers.first { $0.name == header.key }?.value
      guard let found, difference(header.value, .string(found)) == nil else {
        return "header \(header.key) is \(found ?? "missing")"
      }
    }
    let body = expected["body"] ?? .null
    guard let found = AnswerView(expected["view"]?.string, like: body).body(of: response) else {
      return "unknown view or unreadable body"
    }
    if isUnstable {
      // The recorder left equal entries out of the lists of telemetry.
      let isSet = listsAreSets || expected["view"] == "telemetry"
      let expected = AnswerView.shape(of: withNames(body), isSet: isSet)
      let actual = AnswerView.shape(of: found, isSet: isSet)
      return AnswerView.difference(expected, actual)
    }
    view = expected["view"]?.string
    defer { view = nil }
    return difference(body, found)
  }
}
