import CCrypto
import FoundationEssentials
import JSON

/// The headers that the roles of a scenario stand for; tokens are made anew.
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
    if description["jwt"] != nil {
      let token = token(description)
      let isBearer = description["header"]?.string == "bearer"
      return isBearer ? ["authorization": "Bearer " + token] : ["api-key": token]
    }
    var headers: [String: String] = [:]
    for member in description["headers"]?.object?.members ?? [] {
      headers[member.key.lowercased()] = member.value.string.map { filled($0) }
    }
    return headers
  }

  /// A header's text with the tokens that it names.
  private func filled(_ text: String) -> String {
    guard let start = text.firstIndex(of: "<"), text.hasSuffix(">") else { return text }
    let name = text[text.index(after: start)...].dropLast()
    let cut = " without signature"
    let isCut = name.hasSuffix(cut)
    let role = isCut ? name.dropLast(cut.count) : name
    let whole = roles[String(role)].map { token($0) } ?? ""
    let parts = whole.split(separator: ".", omittingEmptySubsequences: false)
    return text[..<start] + (isCut ? parts.dropLast().joined(separator: ".") : whole)
  }

  private func token(_ description: JSONValue) -> String {
    let name = description["alg"]?.string ?? "HS256"
    let header: JSONValue = ["alg": .string(name), "typ": "JWT"]
    let claims = dated(description["jwt"] ?? [:])
    let signed = base64(header.bytes()) + "." + base64(claims.bytes())
    let secret =
      description["secret"]?.string ?? environment["QDRANT__SERVICE__API_KEY"] ?? "admin-key"
    return signed + "." + base64(signature(of: signed, by: name, secret: secret))
  }

  private func signature(of text: String, by name: String, secret: String) -> [UInt8] {
    guard name != "none" else { return [] }
    let algorithm = name == "HS512" ? EVP_sha512() : EVP_sha256()
    var output = [UInt8](repeating: 0, count: 64)
    var length: UInt32 = 0
    let key = Array(secret.utf8)
    let bytes = Array(text.utf8)
    _ = HMAC(algorithm, key, Int32(key.count), bytes, bytes.count, &output, &length)
    return Array(output.prefix(Int(length)))
  }

  private func base64(_ bytes: [UInt8]) -> String {
    Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
      .replacing("=", with: "")
  }

  /// The claims with moments like `<now-40>` in seconds.
  private func dated(_ value: JSONValue) -> JSONValue {
    switch value {
    case .string(let text):
      guard text.hasPrefix("<now"), let offset = Int(text.dropFirst(4).dropLast()) else {
        return value
      }
      return .integer(Int(now) + offset)
    case .array(let elements): return .array(elements.map { dated($0) })
    case .object(let object):
      return .object(
        JSONObject(object.members.map { .init(key: $0.key, value: dated($0.value)) }))
    default: return value
    }
  }
}
