import JSON

/// The headers that the roles of a scenario stand for.
struct Credentials {
  private let roles: JSONObject
  private let environment: [String: String]
  private let now: Double

  init(_ roles: JSONObject, _ environment: [String: String], _ now: Double) {
    self.roles = roles
    self.environment = environment
    self.now = now
  }

  func headers(of role: String) -> [String: String] {
    guard let description = roles[role] else { return [:] }
    if let key = description["key"]?.string { return ["api-key": key] }
    var headers: [String: String] = [:]
    for member in description["headers"]?.object?.members ?? [] {
      headers[member.key.lowercased()] = member.value.string
    }
    return headers
  }
}
